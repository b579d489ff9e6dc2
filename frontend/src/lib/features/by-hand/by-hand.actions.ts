import * as rooms from '#lib/api/rooms.ts';
import type { Answer, PartWrite, PaperForm } from './shapes.ts';

/** A paper, or a wave that is gone through together. */
export type Place = { studyId: string; pseudonym: string; wave: number };

const path = ({ studyId, pseudonym, wave }: Place) => ({
  path: { study_id: studyId, pseudonym, wave }
});

export const findWaves = (studyId: string, pseudonym: string) =>
  rooms.listRespondentWaves({ path: { study_id: studyId, pseudonym } });
export const readWave = (place: Place) => rooms.readRespondentWave(path(place));
export const saveAnswers = (place: Place, part: PartWrite) =>
  rooms.saveRespondentAnswers({ ...path(place), body: { parts: [part] } });
export const finish = (place: Place) => rooms.finishRespondentWave(path(place));

export const readForm = (studyId: string, wave: number): Promise<PaperForm> =>
  rooms.readPaperForm({ path: { study_id: studyId, wave } });
/** Papers that wait, and the waves that ask anything. */
export async function readDesk(studyId: string) {
  const path = { study_id: studyId };
  const [papers, plan] = await Promise.all([
    rooms.listWaitingPapers({ path }),
    rooms.readQuestionPlan({ path })
  ]);
  return {
    waiting: papers.items,
    waves: plan.waves.filter((each) => each.instruments.length)
  };
}

export type Desk = Awaited<ReturnType<typeof readDesk>>;

export const readPaper = (place: Place) => rooms.readPaper(path(place));
export const enterPaper = (place: Place, answered_on: string, parts: PartWrite[]) =>
  rooms.enterPaper({ ...path(place), body: { answered_on, parts } });
export const discardPaper = (place: Place) => rooms.discardPaper(path(place));
export const confirmPaper = (
  place: Place,
  decided: Record<string, Answer>,
  answered_on: string | null
) => rooms.confirmPaper({ ...path(place), body: { decided, answered_on } });
