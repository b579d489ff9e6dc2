import * as api from '#lib/api/index.ts';
import type { Deciding, DecidingGroup, QueueState } from './shapes.ts';

export const readQueue = (state: QueueState, cursor: string | null = null) =>
  api.listCases({ query: { state, cursor } });

/** Every opening is a line in the log, so a case is read anew only when someone asks for it. */
export const readCase = (id: string) => api.readCase({ path: { case_id: id } });

export const claim = (id: string) => api.claimCase({ path: { case_id: id } });
export const extend = (id: string) => api.extendClaim({ path: { case_id: id } });
export const release = (id: string) => api.releaseClaim({ path: { case_id: id } });

export const decide = (id: string, body: Deciding) =>
  api.decideCase({ path: { case_id: id }, body });

export const readGroup = (id: string) => api.readGroup({ path: { case_id: id } });

export const decideGroup = (id: string, body: DecidingGroup) =>
  api.decideGroup({ path: { case_id: id }, body });

export const readReasons = async () => (await api.listReasons()).items;

export const readLog = (cursor: string | null = null, caseId: string | null = null) =>
  api.listLog({ query: { cursor, case_id: caseId } });

export const checkLog = () => api.checkLog();
