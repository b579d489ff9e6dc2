import type { Me } from '#lib/api/shapes.ts';

/** Whoever works on studies neither reads nor writes in the community; the server refuses both. */
export function standsApart(me: Me | null): boolean {
  return me?.roles.some((role) => role === 'researcher' || role === 'checker') ?? false;
}

/** Where someone is at home here. */
export function homeOf(me: Me | null): '/wall' | '/research' {
  return standsApart(me) ? '/research' : '/wall';
}
