export type {
  DemographicsWrite,
  AgeBand,
  Area,
  Counts,
  HeldByStudy,
  MyActivity,
  MyText,
  PeerSupportBefore,
  Purpose,
  PurposeShown,
  Receipt,
  ConsentState,
  Study,
  StudyDetail,
  TenureBand
} from '#lib/api/generated/types.gen.ts';
