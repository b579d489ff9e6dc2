export type {
  ReviewRead,
  ReviewSubject,
  ReviewWrite,
  PublicReview,
  ReviewVerdict
} from '#lib/api/generated/types.gen.ts';
