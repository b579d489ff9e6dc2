import { readSubjects } from '#lib/features/reviews/reviews.actions.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = () => {
  const first = readSubjects();
  // Handled where it is shown; without this a failure would also be reported as unhandled.
  first.catch(() => undefined);
  return { first };
};
