import * as rooms from '#lib/api/rooms.ts';
import type { PartWrite } from './shapes.ts';

export const readWaves = async () => (await rooms.listQuestionnaires()).items;

const at = (study_id: string, wave: number) => ({ path: { study_id, wave } });

export const readWave = (study: string, wave: number) => rooms.readWave(at(study, wave));
export const openWave = (study: string, wave: number) => rooms.openWave(at(study, wave));
export const finishWave = (study: string, wave: number) => rooms.finishWave(at(study, wave));
export const declineWave = (study: string, wave: number) => rooms.declineWave(at(study, wave));
export const saveAnswers = async (study: string, wave: number, parts: PartWrite[]) => {
  await rooms.saveAnswers({ ...at(study, wave), body: { parts } });
};
export const askContact = (study: string, wave: number, reach: string) =>
  rooms.askContact({ ...at(study, wave), body: { reach } });
