import * as api from '#lib/api/index.ts';
import * as rooms from '#lib/api/rooms.ts';
import type { DemographicsWrite, Purpose } from './shapes.ts';

export type Purposes = Record<Purpose, boolean>;

export const readStudies = async () => (await rooms.listStudies()).items;
export const readStudy = (id: string) => rooms.readStudy({ path: { study_id: id } });

export const join = (
  id: string,
  version: number,
  purposes: Purposes,
  demographics: DemographicsWrite
) =>
  api.joinStudy({
    path: { study_id: id },
    body: { sheet_version: version, purposes, demographics }
  });

export const choose = (id: string, version: number, purposes: Purposes) =>
  api.choosePurposes({ path: { study_id: id }, body: { sheet_version: version, purposes } });

/** Under no sheet: nothing is agreed to anew by taking one thing back. */
export const takeBack = (id: string, left: Purposes) =>
  api.choosePurposes({ path: { study_id: id }, body: { purposes: left } });

export const withdraw = (id: string, erase: boolean) =>
  api.withdrawFromStudy({ path: { study_id: id }, body: { erase } });

export const readMyData = async () => (await api.readMyData()).studies;

export const readMyActivities = (studyId: string, cursor: string | null) =>
  api.listMyStudyActivities({ path: { study_id: studyId }, query: { cursor } });

export const readMyMeetings = (studyId: string, cursor: string | null) =>
  api.listMyStudyAttendances({ path: { study_id: studyId }, query: { cursor } });

export const readMyTexts = (studyId: string, cursor: string | null) =>
  api.listMyStudyTexts({ path: { study_id: studyId }, query: { cursor } });

export const readMyResponses = (studyId: string) =>
  api.listMyResponses({ path: { study_id: studyId } });
