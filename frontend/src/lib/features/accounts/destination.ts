const HOME = '/wall';

/** Where to go after signing in: where the person was, if that is a page of ours. */
export function destination(url: { searchParams: { get(name: string): string | null } }): string {
  const next = url.searchParams.get('next') ?? HOME;
  return /^\/(?![/\\])/.test(next) && !next.startsWith('/sign-in') ? next : HOME;
}

/** The way to the sign-in that remembers where the person was. */
export function signInFrom(url: { pathname: string; search: string }): string {
  return `/sign-in?next=${encodeURIComponent(url.pathname + url.search)}`;
}

/** A token from a letter, in the part of the address that browsers don't send, or in the query. */
export function tokenFrom(url: {
  hash: string;
  searchParams: { get(name: string): string | null };
}) {
  const inHash = new URLSearchParams(url.hash.slice(1));
  return inHash.get('token') ?? url.searchParams.get('token') ?? '';
}
