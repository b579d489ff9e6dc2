import { error } from '@sveltejs/kit';
import { Problem } from '#lib/api/index.ts';
import { readMember } from '#lib/features/members/member.actions.ts';
import type { PageLoad } from './$types';

/** Nobody for whom the room is shut: its layout says so in words. */
export const load: PageLoad = async ({ params, parent, depends }) => {
  depends('alongside:member');
  const { isApart } = await parent();
  if (isApart) return { member: null };
  try {
    return { member: await readMember(params.id) };
  } catch (thrown) {
    const problem = Problem.of(thrown);
    error(problem.status >= 400 ? problem.status : 503, problem.message);
  }
};
