import { Problem } from '#lib/api/index.ts';
import * as rooms from '#lib/api/rooms.ts';
import { readOpenDatasets } from '#lib/features/measures/measures.actions.ts';
import type { Decided, EditionKind, EditionTextWrite, FigureRead } from './shapes.ts';

export const readKinds = async () => (await rooms.listEditionKinds()).items;
export const readEditions = async (id: string) =>
  (await rooms.listEditions({ path: { study_id: id } })).items;
const readTexts = async (id: string) =>
  (await rooms.listEditionTexts({ path: { study_id: id } })).items;

/** All that a text may name of a dataset; none where its measures are not computed. */
export async function readFigures(datasetId: string): Promise<FigureRead[]> {
  try {
    return (await rooms.listFigures({ path: { dataset_id: datasetId } })).items;
  } catch (thrown) {
    const problem = Problem.of(thrown);
    if (problem.is('measures-not-computed')) return [];
    throw problem;
  }
}

/** The newest dataset whose figures can be named, or the newest there is. */
async function readShelf(studyId: string) {
  const datasets = await readOpenDatasets(studyId);
  for (const { id, number } of datasets) {
    const figures = await readFigures(id);
    if (figures.length) return { studyId, datasetId: id, datasetNumber: number, figures };
  }
  const [newest] = datasets;
  return { studyId, datasetId: newest?.id ?? '', datasetNumber: newest?.number ?? 0, figures: [] };
}

export type FigureShelf = Awaited<ReturnType<typeof readShelf>>;

/** What the room of reports shows, but for the editions, which are followed. */
export async function readDesk(studyId: string) {
  const [kinds, texts, datasets] = await Promise.all([
    readKinds(),
    readTexts(studyId),
    readOpenDatasets(studyId)
  ]);
  const figures = await Promise.all(datasets.map(({ id }) => readFigures(id)));
  const computed = datasets.filter((_, place) => figures[place]?.length).map(({ id }) => id);
  return { kinds, texts, datasets, computed };
}

export type Desk = Awaited<ReturnType<typeof readDesk>>;

/** What the writing of one edition begins with. */
export async function readWriting(studyId: string, name: string) {
  const kinds = await readKinds();
  const kind = kinds.find((one) => one.kind === name);
  if (!kind)
    throw new Problem({
      title: 'There is no such edition',
      detail: 'The link may be wrong.',
      status: 404
    });
  const [text, shelf] = await Promise.all([readText(studyId, kind.kind), readShelf(studyId)]);
  return { kind, text, shelf };
}

export type Writing = Awaited<ReturnType<typeof readWriting>>;

export const readText = (id: string, kind: EditionKind) =>
  rooms.readEditionText({ path: { study_id: id, kind } });
export const readVersion = (id: string, kind: EditionKind, version: number) =>
  rooms.readEditionTextVersion({ path: { study_id: id, kind, version } });
export const writeText = (id: string, kind: EditionKind, body: EditionTextWrite) =>
  rooms.writeEditionText({ path: { study_id: id, kind }, body });

export const make = (id: string, kind: EditionKind, dataset_id: string) =>
  rooms.makeEdition({ path: { study_id: id }, body: { kind, dataset_id } });
export const stop = (id: string) => rooms.cancelEdition({ path: { edition_id: id } });
export const decide = (id: string, decision: Decided, note: string) =>
  rooms.decideEdition({ path: { edition_id: id }, body: { decision, note } });
export const readEdition = (id: string) => rooms.readEdition({ path: { edition_id: id } });
