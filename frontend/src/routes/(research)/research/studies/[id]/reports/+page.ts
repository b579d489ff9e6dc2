import { readDesk } from '#lib/features/editions/editions.actions.ts';
import { readStudy } from '#lib/features/research/research.actions.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = ({ params }) => {
  const first = readStudy(params.id);
  const desk = readDesk(params.id);
  // Handled where they are shown; without this a failure would also be reported as unhandled.
  for (const each of [first, desk]) each.catch(() => undefined);
  return { id: params.id, first, desk };
};
