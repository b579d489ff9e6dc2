import { standsApart } from '#lib/features/accounts/apart.ts';
import type { LayoutLoad } from './$types';

/** Who is no part of the community, always or for a while: said once for all of its rooms. */
export const load: LayoutLoad = async ({ parent }) => {
  const { here } = await parent();
  return { isApart: standsApart(here.me), standing: here.me?.standing ?? null };
};
