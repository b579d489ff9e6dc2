import type { Me } from '#lib/api/shapes.ts';
import { homeOf } from './apart.ts';

/** Where to go after signing in: where the person was, if that is a page of ours; else home. */
export function destination(
  url: { searchParams: { get(name: string): string | null } },
  me: Me | null
): string {
  const home = homeOf(me);
  const next = url.searchParams.get('next') ?? home;
  const isOurs = /^\/(?![/\\])/.test(next) && !next.startsWith('/sign-in');
  return isOurs && next !== '/wall' ? next : home;
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
