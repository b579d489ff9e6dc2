export type {
  Agreement,
  AgreementWrite,
  Cost,
  Dataset,
  Decided,
  File,
  Format,
  Headcount,
  Preview,
  Pull,
  Purpose,
  Release,
  Released,
  SheetVersion,
  Study,
  StudyDetail
} from '#lib/api/generated/types.gen.ts';
