export type {
  InstrumentDetail,
  InstrumentLine,
  LockState,
  ScoreDetail,
  StructureItem
} from '#lib/api/generated/types.gen.ts';
