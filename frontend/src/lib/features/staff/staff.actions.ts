import * as api from '#lib/api/index.ts';
import type { Appointable } from './shapes.ts';

export const readStaff = async () => (await api.listStaff()).items;

export const readRemovals = async () => (await api.listSecondFactorRemovals()).items;

export const askForRemoval = (person: string, reason: string) =>
  api.askForSecondFactorRemoval({ body: { person, reason } });

export const agreeToRemoval = (removal_id: string, reason: string) =>
  api.agreeToSecondFactorRemoval({ path: { removal_id }, body: { reason } });

export const appoint = (person: string, role: Appointable, reason: string) =>
  api.grantRole({ path: { person }, body: { role, reason } });

export const takeBack = (accountId: string, role: Appointable, reason: string) =>
  api.takeRoleBack({ path: { person: accountId }, body: { role, reason } });
