export type {
  PaperFormRead as PaperForm,
  PaperStateRead as PaperState,
  PartWrite,
  StudyDetail,
  UnshownWave,
  UnshownWaveDetail,
  UnshownWaves,
  WaitingPaperRead as WaitingPaper
} from '#lib/api/generated/types.gen.ts';
export type { Answer, Question, Questionnaire } from '#lib/features/questionnaires/shapes.ts';
