export type {
  Askable,
  AskableField,
  Dataset,
  Headcount,
  ProtectedTable,
  Pull,
  QuestionWrite,
  SheetVersion,
  Study,
  StudyDetail
} from '#lib/api/generated/types.gen.ts';
