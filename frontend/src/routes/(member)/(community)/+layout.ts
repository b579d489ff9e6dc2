import { standsApart } from '#lib/features/accounts/apart.ts';
import type { LayoutLoad } from './$types';

/** Whoever works on studies is no part of the community: said once for all of its rooms. */
export const load: LayoutLoad = async ({ parent }) => {
  const { here } = await parent();
  return { isApart: standsApart(here.me) };
};
