import * as rooms from '#lib/api/rooms.ts';
import type { LicenceWrite, WordingWrite } from './shapes.ts';

export const readLicences = async (name: string) =>
  (await rooms.listLicences({ path: { name } })).items;
export const record = (name: string, body: LicenceWrite) =>
  rooms.recordLicence({ path: { name }, body });
export const end = (name: string, licence_id: string, reason: string) =>
  rooms.endLicence({ path: { name, licence_id }, body: { reason } });
export const enterWording = (name: string, body: WordingWrite) =>
  rooms.enterWording({ path: { name }, body });
