import { readAnalysisPlan, readShelf, readStudy } from '#lib/features/research/research.actions.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = ({ params }) => {
  const first = readStudy(params.id);
  const plan = readAnalysisPlan(params.id);
  const shelf = readShelf(params.id);
  // Handled where they are shown; without this a failure would also be reported as unhandled.
  for (const each of [first, plan, shelf]) each.catch(() => undefined);
  return { id: params.id, first, plan, shelf };
};
