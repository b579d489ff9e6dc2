import { readStudy } from '#lib/features/research/research.actions.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = ({ params }) => {
  const first = readStudy(params.id);
  // Handled where it is shown; without this a failure would also be reported as unhandled.
  first.catch(() => undefined);
  return { id: params.id, first };
};
