import * as rooms from '#lib/api/rooms.ts';
import { save } from '#lib/api/save.ts';
import type { Chosen } from './dataset-choice.svelte.ts';
import type { WrittenSheet } from './sheet-draft.svelte.ts';
import type {
  AnalysisPlanWrite,
  PlanDepartureWrite,
  StudyWrite,
  AgreementWrite,
  Decided,
  Format,
  Purpose,
  QuestionPlanWrite,
  QuestionWrite,
  Released,
  RowsReleased
} from './shapes.ts';

export const readStudies = async () => (await rooms.listStudies()).items;
export const readStudy = (id: string) => rooms.readStudy({ path: { study_id: id } });
export const create = (plan: StudyWrite) => rooms.createStudy({ body: plan });
export const open = (id: string) => rooms.openStudy({ path: { study_id: id } });
export const close = (id: string) => rooms.closeStudy({ path: { study_id: id } });
export const countPeople = (id: string) => rooms.countParticipants({ path: { study_id: id } });

export const readCurves = (id: string) => rooms.readCurves({ path: { study_id: id } });

export const readFlow = (id: string) => rooms.readFlow({ path: { study_id: id } });
export const readPlan = (id: string) => rooms.readQuestionPlan({ path: { study_id: id } });
export const planQuestions = (id: string, plan: QuestionPlanWrite) =>
  rooms.planQuestions({ path: { study_id: id }, body: plan });

export const readAnalysisPlan = (id: string) => rooms.readAnalysisPlan({ path: { study_id: id } });
export const writeAnalysisPlan = (id: string, body: AnalysisPlanWrite) =>
  rooms.writeAnalysisPlan({ path: { study_id: id }, body });
export const signAnalysisPlan = (id: string, version: number) =>
  rooms.signAnalysisPlan({ path: { study_id: id, version } });
export const noteDeparture = (id: string, body: PlanDepartureWrite) =>
  rooms.noteDeparture({ path: { study_id: id }, body });

export const readSheets = async (id: string) =>
  (await rooms.listSheets({ path: { study_id: id } })).items;
const sheetOf = ({ body, covers }: WrittenSheet) => ({
  body,
  covers_acts: covers.acts,
  covers_answers: covers.answers
});
export const publishSheet = (id: string, sheet: WrittenSheet) =>
  rooms.publishSheet({ path: { study_id: id }, body: sheetOf(sheet) });
export const previewSheet = (sheet: WrittenSheet) => rooms.previewSheet({ body: sheetOf(sheet) });

export const readAskable = (id: string) => rooms.listAskable({ path: { study_id: id } });
export const ask = (id: string, question: QuestionWrite) =>
  rooms.askQuestion({ path: { study_id: id }, body: question });

const readDatasets = async (id: string) =>
  (await rooms.listDatasets({ path: { study_id: id } })).items;
const readReleases = async (id: string) =>
  (await rooms.listReleases({ path: { study_id: id } })).items;
const readAgreements = async (id: string) =>
  (await rooms.listAgreements({ path: { study_id: id } })).items;

/** A study's datasets, what was asked to leave of them, and the agreements it may leave under. */
export async function readShelf(id: string) {
  const [datasets, releases, agreements] = await Promise.all([
    readDatasets(id),
    readReleases(id),
    readAgreements(id)
  ]);
  return { datasets, releases, agreements };
}

export type Shelf = Awaited<ReturnType<typeof readShelf>>;

export const readScoreChoices = async (id: string) =>
  (await rooms.listScoreChoices({ path: { study_id: id } })).items;
export const previewDataset = (id: string, query: Chosen) =>
  rooms.previewDataset({ path: { study_id: id }, query });
export const freeze = (id: string, body: Chosen) =>
  rooms.freezeDataset({ path: { study_id: id }, body });
export const readDownloads = async (id: string) =>
  (await rooms.listDownloads({ path: { dataset_id: id } })).items;

export const makeAgreement = (id: string, body: AgreementWrite) =>
  rooms.makeAgreement({ path: { study_id: id }, body });
export const askForPeriods = (id: string, note: string) =>
  rooms.askForRelease({ path: { dataset_id: id }, body: { file: 'periods', note } });
export const askForRows = (id: string, file: RowsReleased, agreement_id: string, note: string) =>
  rooms.askForRelease({ path: { dataset_id: id }, body: { file, agreement_id, note } });
export const decide = (id: string, decision: Decided, note: string) =>
  rooms.decideRelease({ path: { release_id: id }, body: { decision, note } });
export const allowEarlyFreeze = (id: string, reason: string) =>
  rooms.allowEarlyFreeze({ path: { study_id: id }, body: { reason } });

/** What was released of a dataset. The request itself is the download that is logged, so it is sent
 * once. */
export const download = (id: string, format: Format, released: Released) =>
  save(
    `/api/v1/datasets/${id}/archive?format=${format}&released=${released}`,
    `dataset-${id}-${released}-${format}.zip`
  );
