import type { Case, QueueState } from './shapes.ts';

const STATES: QueueState[] = ['open', 'mine', 'lead', 'decided'];

export function stateFrom(shown: string | null): QueueState {
  return STATES.find((state) => state === shown) ?? 'open';
}

export function queueHref(state: QueueState): string {
  return state === 'open' ? '/moderation' : `/moderation?show=${state}`;
}

export function caseHref(id: string, state: QueueState): string {
  return `/moderation/cases/${id}${state === 'open' ? '' : `?show=${state}`}`;
}

/** Where a row of the queue leads: to its case, or to all that it stands for. */
export function rowHref(row: Pick<Case, 'id' | 'batch'>, state: QueueState): string {
  if (!row.batch) return caseHref(row.id, state);
  return caseHref(row.id, state).replace('/cases/', '/batches/');
}
