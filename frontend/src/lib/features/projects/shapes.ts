export type {
  Project as ProjectRead,
  ProjectLine as ProjectSummary,
  ProjectPageRead,
  ProjectPageWrite
} from '#lib/api/generated/types.gen.ts';
