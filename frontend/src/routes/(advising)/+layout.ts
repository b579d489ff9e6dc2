import { whoIsHere } from '#lib/features/accounts/guard.ts';
import type { LayoutLoad } from './$types';

export const ssr = false;
export const prerender = true;

/** The one guard of the advisers' room. */
export const load: LayoutLoad = async ({ url, depends }) => ({
  here: await whoIsHere(url, depends)
});
