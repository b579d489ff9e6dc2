export type {
  Dataset,
  Headcount,
  Pull,
  SheetVersion,
  Study,
  StudyDetail
} from '#lib/api/generated/types.gen.ts';
