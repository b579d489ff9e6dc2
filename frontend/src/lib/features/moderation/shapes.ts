import type { Case } from '#lib/api/generated/types.gen.ts';

export type {
  Act,
  Case,
  CaseAct,
  CaseClaim as Claim,
  CaseDetail,
  CasePage,
  CaseReport,
  CaseText,
  Decision,
  DecisionCreate as Deciding,
  GroupDecisionCreate as DecidingGroup,
  GroupedCase,
  LogCheck,
  LogLine,
  ReasonTemplate
} from '#lib/api/generated/types.gen.ts';

export type QueueState = 'open' | 'mine' | 'decided';
export type CaseSubjectState = Case['subject']['state'];
