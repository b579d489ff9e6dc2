export type {
  DeclaredMeasure,
  EvaluationShown,
  FoundCounts,
  FoundCurve,
  FoundEstimate,
  FoundShare,
  FoundTable,
  MeasureChart,
  MeasureFound
} from '#lib/api/generated/types.gen.ts';
import type { MeasureFound } from '#lib/api/generated/types.gen.ts';

export type FoundPart = MeasureFound['parts'][number];
