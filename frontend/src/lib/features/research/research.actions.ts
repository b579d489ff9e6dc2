import * as api from '#lib/api/index.ts';
import { save } from '#lib/api/save.ts';
import type { QuestionWrite } from './shapes.ts';

export const readStudies = async () => (await api.listStudies()).items;
export const readStudy = (id: string) => api.readStudy({ path: { study_id: id } });
export const create = (title: string, summary: string) =>
  api.createStudy({ body: { title, summary } });
export const open = (id: string) => api.openStudy({ path: { study_id: id } });
export const close = (id: string) => api.closeStudy({ path: { study_id: id } });
export const countPeople = (id: string) => api.countParticipants({ path: { study_id: id } });

export const readSheets = async (id: string) =>
  (await api.listSheets({ path: { study_id: id } })).items;
export const publishSheet = (id: string, body: string) =>
  api.publishSheet({ path: { study_id: id }, body: { body } });
export const previewSheet = (body: string) => api.previewSheet({ body: { body } });

export const readAskable = (id: string) => api.listAskable({ path: { study_id: id } });
export const ask = (id: string, question: QuestionWrite) =>
  api.askQuestion({ path: { study_id: id }, body: question });

export const readDatasets = async (id: string) =>
  (await api.listDatasets({ path: { study_id: id } })).items;
export const freeze = (id: string) => api.freezeDataset({ path: { study_id: id } });
export const readPulls = async (id: string) =>
  (await api.listPulls({ path: { dataset_id: id } })).items;

export type Format = 'csv' | 'parquet';

/** All files of a dataset. The request itself is the pull that is logged, so it is sent once. */
export const pull = (id: string, format: Format) =>
  save(`/api/v1/datasets/${id}/archive?format=${format}`, `dataset-${id}-${format}.zip`);
