import { error } from '@sveltejs/kit';
import { Problem } from '#lib/api/index.ts';
import { readAttendance } from '#lib/features/groups/groups.actions.ts';
import { keptList } from '#lib/features/groups/ticks.svelte.ts';
import type { PageLoad } from './$types';

/** None for whom the room is shut: its layout says so in words. */
export const load: PageLoad = async ({ params, parent }) => {
  const { isApart, here } = await parent();
  if (isApart) return { attendance: null };
  try {
    return { attendance: await readAttendance(params.id) };
  } catch (thrown) {
    const problem = Problem.of(thrown);
    const kept = problem.isUncertain && here.me ? keptList(here.me.account_id, params.id) : null;
    if (kept) return { attendance: kept };
    error(problem.status >= 400 ? problem.status : 503, problem.message);
  }
};
