import type { Me, Role } from '#lib/api/shapes.ts';
import { standsApart } from './apart.ts';

/** Where to go after signing in: where the person was, if that is a page of ours; else their room. */
export function destination(
  url: { searchParams: { get(name: string): string | null } },
  me: Me | null
): string {
  const next = pathOf(url.searchParams.get('next'));
  if (next === null || next.startsWith('/sign-in')) return roomOf(me);
  return next === '/wall' && standsApart(me) ? roomOf(me) : next;
}

/** The room someone is here to work in; for whoever holds no such role, the wall. */
export function roomOf(me: Me | null): '/wall' | '/research' | '/moderation' | '/staff' {
  const has = (...roles: Role[]) => roles.some((role) => me?.roles.includes(role));
  if (standsApart(me)) return '/research';
  if (has('moderator', 'safeguarding')) return '/moderation';
  return has('administrator') ? '/staff' : '/wall';
}

/** Stands in for our own origin, which no address that someone makes up can have. */
const OURS = 'https://ours.invalid';

/** A path as the browser would read it, tabs and backslashes included; null when it leads away. */
function pathOf(next: string | null): string | null {
  if (!next?.startsWith('/')) return null;
  try {
    const { origin, pathname, search, hash } = new URL(next, OURS);
    return origin === OURS ? pathname + search + hash : null;
  } catch {
    return null;
  }
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
