export type {
  AboutWrite,
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
  Standing,
  Study,
  StudyDetail,
  TenureBand
} from '#lib/api/generated/types.gen.ts';
