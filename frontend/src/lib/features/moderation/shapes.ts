import type { Case } from '#lib/api/generated/types.gen.ts';

export type {
  Act,
  AuthorSanction,
  Case,
  CaseAct,
  CaseClaim as Claim,
  CaseDetail,
  CasePage,
  CaseReport,
  CaseStep,
  CaseText,
  CasesWaiting,
  Decision,
  DecisionCreate as Deciding,
  EarlierCases,
  BatchDecisionCreate as DecidingBatch,
  BatchedCase,
  LogActor,
  LogChecks,
  LogLine,
  ProposedSanction,
  ReasonTemplate,
  ReasonTemplates,
  SanctionAnswer,
  SanctionCreate,
  SanctionKind,
  StepCreate,
  StepKind,
  StepTemplate
} from '#lib/api/generated/types.gen.ts';

export type QueueState = 'open' | 'mine' | 'lead' | 'decided';
export type CaseSubjectState = Case['subject']['state'];
