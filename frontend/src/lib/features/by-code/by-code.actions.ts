import * as rooms from '#lib/api/rooms.ts';
import type { DemographicsWrite, PartWrite } from './shapes.ts';

const wave = (study_id: string, wave: number) => ({ path: { study_id, wave } });

/** The code goes in the body of each request: never in an address, which browsers and logs keep. */
export const readStudies = async (code: string) =>
  (await rooms.listStudiesOfCode({ body: { code } })).items;

export const join = (
  code: string,
  study: string,
  sheet_version: number,
  purposes: { activity: boolean; questionnaires: boolean; contact: boolean },
  demographics: DemographicsWrite
) =>
  rooms.joinStudyByCode({
    path: { study_id: study },
    body: { code, sheet_version, purposes, demographics }
  });

export const leave = (code: string, study: string, erase: boolean) =>
  rooms.withdrawByCode({ path: { study_id: study }, body: { code, erase } });

export const readWave = (code: string, study: string, number: number) =>
  rooms.readWaveByCode({ ...wave(study, number), body: { code } });
export const saveAnswers = (code: string, study: string, number: number, part: PartWrite) =>
  rooms.saveAnswersByCode({ ...wave(study, number), body: { code, parts: [part] } });
export const finish = (code: string, study: string, number: number) =>
  rooms.finishWaveByCode({ ...wave(study, number), body: { code } });
