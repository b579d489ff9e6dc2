export type {
  DemographicsWrite,
  PartWrite,
  Receipt,
  StudyOfCodeRead as StudyOfCode,
  UnshownWave,
  UnshownWaveDetail
} from '#lib/api/generated/types.gen.ts';
