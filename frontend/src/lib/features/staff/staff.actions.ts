import * as rooms from '#lib/api/rooms.ts';
import type { Appointable } from './shapes.ts';

export const readStaff = async () => (await rooms.listStaff()).items;

export const readRemovals = async () => (await rooms.listSecondFactorRemovals()).items;

export const askForRemoval = (person: string, reason: string) =>
  rooms.askForSecondFactorRemoval({ body: { person, reason } });

export const agreeToRemoval = (removal_id: string, reason: string) =>
  rooms.agreeToSecondFactorRemoval({ path: { removal_id }, body: { reason } });

export const appoint = (person: string, role: Appointable, reason: string) =>
  rooms.grantRole({ path: { person }, body: { role, reason } });

export const takeBack = (accountId: string, role: Appointable, reason: string) =>
  rooms.takeRoleBack({ path: { person: accountId }, body: { role, reason } });
