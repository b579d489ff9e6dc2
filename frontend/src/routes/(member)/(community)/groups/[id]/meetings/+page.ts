import { error } from '@sveltejs/kit';
import { Problem } from '#lib/api/index.ts';
import { readGroup } from '#lib/features/groups/groups.actions.ts';
import type { PageLoad } from './$types';

/** None for whom the room is shut: its layout says so in words. */
export const load: PageLoad = async ({ params, parent }) => {
  const { isApart } = await parent();
  if (isApart) return { group: null };
  try {
    return { group: await readGroup(params.id) };
  } catch (thrown) {
    const problem = Problem.of(thrown);
    error(problem.status >= 400 ? problem.status : 503, problem.message);
  }
};
