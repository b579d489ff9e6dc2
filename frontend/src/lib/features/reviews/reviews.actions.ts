import * as rooms from '#lib/api/rooms.ts';
import type { ReviewSubject, ReviewWrite } from './shapes.ts';

export const readSubjects = async () => (await rooms.listReviewSubjects()).items;
export const readStudyReviews = async (id: string) =>
  (await rooms.listStudyReviews({ path: { study_id: id } })).items;
export const readShown = async () => (await rooms.listPublicReviews()).items;

export const review = (
  { study_id, edition_id, name, version }: ReviewSubject,
  body: ReviewWrite
): Promise<void> => {
  if (edition_id) return rooms.reviewEdition({ path: { edition_id }, body });
  return study_id === null
    ? rooms.reviewInstrument({ path: { name: name ?? '', version }, body })
    : rooms.reviewSheet({ path: { study_id, version }, body });
};
export const answer = (id: number, words: string) =>
  rooms.answerReview({ path: { review_id: id }, body: { words } });
