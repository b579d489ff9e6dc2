import * as rooms from '#lib/api/rooms.ts';
import type { GroupWrite } from '#lib/api/generated/types.gen.ts';

export type { GroupWrite, Organisation } from '#lib/api/generated/types.gen.ts';

export const readOrganisations = async () => (await rooms.listOrganisations()).items;

export const addOrganisation = (name: string) => rooms.addOrganisation({ body: { name } });

export const renameOrganisation = (organisation_id: string, name: string) =>
  rooms.renameOrganisation({ path: { organisation_id }, body: { name } });

export const addArea = (name: string) => rooms.addArea({ body: { name } });

export const renameArea = (area_id: string, name: string) =>
  rooms.renameArea({ path: { area_id }, body: { name } });

export const startGroup = (body: GroupWrite) => rooms.startGroup({ body });

export const changeGroup = (group_id: string, body: GroupWrite) =>
  rooms.changeGroup({ path: { group_id }, body });

export const closeGroup = (group_id: string) => rooms.closeGroup({ path: { group_id } });

export const addHost = (group_id: string, person: string) =>
  rooms.addHost({ path: { group_id, person } });

export const standHostDown = (group_id: string, person: string) =>
  rooms.standHostDown({ path: { group_id, person } });
