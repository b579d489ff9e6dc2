import * as api from '#lib/api/index.ts';
import type { LicenceWrite, WordingWrite } from './shapes.ts';

export const readLicences = async (name: string) =>
  (await api.listLicences({ path: { name } })).items;
export const record = (name: string, body: LicenceWrite) =>
  api.recordLicence({ path: { name }, body });
export const end = (name: string, licence_id: string, reason: string) =>
  api.endLicence({ path: { name, licence_id }, body: { reason } });
export const enterWording = (name: string, body: WordingWrite) =>
  api.enterWording({ path: { name }, body });
