import type { Questionnaire } from '#lib/api/generated/types.gen.ts';

export type {
  PartWrite,
  Questionnaire,
  UnshownWaveDetail,
  WaveDetail,
  WaveRead
} from '#lib/api/generated/types.gen.ts';
export type Question = Questionnaire['questions'][number];
/** The code of an option, several of them, a number or a text; null while there is none. */
export type Answer = number | number[] | string | null;
