import * as api from '#lib/api/index.ts';
import type { Appointable } from './shapes.ts';

export const readStaff = async () => (await api.listStaff()).items;

export const readRemovals = async () => (await api.listSecondFactorRemovals()).items;

export const askForRemoval = (who: string, reason: string) =>
  api.askForSecondFactorRemoval({ body: { who, reason } });

export const agreeToRemoval = (removal_id: string, reason: string) =>
  api.agreeToSecondFactorRemoval({ path: { removal_id }, body: { reason } });

export const appoint = (who: string, role: Appointable, reason: string) =>
  api.grantRole({ path: { who }, body: { role, reason } });

export const takeBack = (accountId: string, role: Appointable, reason: string) =>
  api.takeRoleBack({ path: { who: accountId }, body: { role, reason } });
