import { Problem } from '#lib/api/index.ts';
import * as rooms from '#lib/api/rooms.ts';
import type { EvaluationShown } from './shapes.ts';

export const readMeasures = async () => (await rooms.listMeasures()).items;

/** The datasets that are open, the newest first. */
export async function readOpenDatasets(studyId: string) {
  const { items } = await rooms.listDatasets({ path: { study_id: studyId } });
  return items.filter(({ state }) => state === 'open');
}

/** What was found in a dataset; null when nobody has asked yet. */
export async function readEvaluation(datasetId: string): Promise<EvaluationShown | null> {
  try {
    return await rooms.readEvaluation({ path: { dataset_id: datasetId } });
  } catch (thrown) {
    const problem = Problem.of(thrown);
    if (problem.type === 'evaluation-not-found') return null;
    throw problem;
  }
}

export const start = (datasetId: string) =>
  rooms.startEvaluation({ path: { dataset_id: datasetId } });
export const cancel = (datasetId: string) =>
  rooms.cancelEvaluation({ path: { dataset_id: datasetId } });
