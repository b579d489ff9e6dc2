import * as api from '#lib/api/index.ts';
import * as rooms from '#lib/api/rooms.ts';
import type { LogFilter } from './log-filter.ts';
import { toQuery } from './log-filter.ts';
import type { Deciding, DecidingBatch, QueueState, StepCreate } from './shapes.ts';

export const readQueue = (state: QueueState, cursor: string | null = null) =>
  api.listCases({ query: { state, cursor } });

/** Every opening is a line in the log, so a case is read anew only when someone asks for it. */
export const readCase = (id: string) => api.readCase({ path: { case_id: id } });

/** All that the post has said, the latest first. Each page is a line in the log too. */
export const readTexts = (id: string, cursor: string | null = null) =>
  api.listCaseTexts({ path: { case_id: id }, query: { cursor } });

export const claim = (id: string) => api.claimCase({ path: { case_id: id } });
export const extend = (id: string) => api.extendClaim({ path: { case_id: id } });
export const release = (id: string) => api.releaseClaim({ path: { case_id: id } });

export const decide = (id: string, body: Deciding) =>
  api.decideCase({ path: { case_id: id }, body });

export const reachOut = (id: string, body: StepCreate) =>
  api.reachOut({ path: { case_id: id }, body });

export const handOver = (id: string, body: StepCreate) =>
  api.handOver({ path: { case_id: id }, body });

export const readProposed = async () => (await api.listProposedSanctions()).items;
export const confirmSanction = (id: string) => api.confirmSanction({ path: { sanction_id: id } });
export const declineSanction = (id: string, reason: string) =>
  api.declineSanction({ path: { sanction_id: id }, body: { reason } });

export const countWaiting = () => api.countWaitingCases();

export const readBatch = (id: string) => api.readBatch({ path: { case_id: id } });

export const decideBatch = (id: string, body: DecidingBatch) =>
  api.decideBatch({ path: { case_id: id }, body });

export const readReasons = () => api.listReasons();

export const readLog = (cursor: string | null, only: LogFilter) =>
  rooms.listLog({ query: { cursor, ...toQuery(only) } });

export const readLogPeople = async () => (await rooms.listLogPeople()).items;

export const readLogCheck = () => rooms.readLogCheck();

export const checkLog = () => rooms.checkLog();
