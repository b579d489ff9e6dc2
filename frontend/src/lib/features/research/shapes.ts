import type { Released } from '#lib/api/generated/types.gen.ts';

/** What leaves under an agreement alone. */
export type RowsReleased = Exclude<Released, 'periods'>;

export type {
  AnalysisPlanRead,
  AnalysisPlanWrite,
  PlanDeparture,
  PlanDepartureWrite,
  PlanVersion,
  Agreement,
  AgreementWrite,
  Askable,
  AskableField,
  Cost,
  Curves,
  Dataset,
  Decided,
  File,
  FlowRead,
  Format,
  ParticipantCounts,
  Preview,
  ProtectedTable,
  Download,
  Purpose,
  QuestionPlanRead,
  QuestionPlanWrite,
  QuestionWrite,
  Recruitment,
  Release,
  Released,
  ScoreChoice,
  SheetVersion,
  Study,
  StudyDetail,
  StudyWrite,
  WaveFlowRead
} from '#lib/api/generated/types.gen.ts';
