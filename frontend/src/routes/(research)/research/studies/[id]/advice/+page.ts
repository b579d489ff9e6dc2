import { readStudy } from '#lib/features/research/research.actions.ts';
import { readStudyReviews } from '#lib/features/reviews/reviews.actions.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = ({ params }) => {
  const first = readStudy(params.id);
  const reviews = readStudyReviews(params.id);
  // Handled where they are shown; without this a failure would also be reported as unhandled.
  for (const each of [first, reviews]) each.catch(() => undefined);
  return { id: params.id, first, reviews };
};
