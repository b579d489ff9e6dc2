import * as api from '#lib/api/index.ts';
import type { GroupWrite } from '#lib/api/generated/types.gen.ts';

export type { GroupWrite, Organisation } from '#lib/api/generated/types.gen.ts';

export const readOrganisations = async () => (await api.listOrganisations()).items;

export const addOrganisation = (name: string) => api.addOrganisation({ body: { name } });

export const renameOrganisation = (organisation_id: string, name: string) =>
  api.renameOrganisation({ path: { organisation_id }, body: { name } });

export const addArea = (name: string) => api.addArea({ body: { name } });

export const renameArea = (area_id: string, name: string) =>
  api.renameArea({ path: { area_id }, body: { name } });

export const startGroup = (body: GroupWrite) => api.startGroup({ body });

export const changeGroup = (group_id: string, body: GroupWrite) =>
  api.changeGroup({ path: { group_id }, body });

export const closeGroup = (group_id: string) => api.closeGroup({ path: { group_id } });

export const addHost = (group_id: string, person: string) =>
  api.addHost({ path: { group_id, person } });

export const standHostDown = (group_id: string, person: string) =>
  api.standHostDown({ path: { group_id, person } });
