import type { QueueState } from './shapes.ts';

const STATES: QueueState[] = ['open', 'mine', 'decided'];

export function stateFrom(shown: string | null): QueueState {
  return STATES.find((state) => state === shown) ?? 'open';
}

export function queueHref(state: QueueState): string {
  return state === 'open' ? '/moderation' : `/moderation?show=${state}`;
}

export function caseHref(id: string, state: QueueState): string {
  return `/moderation/cases/${id}${state === 'open' ? '' : `?show=${state}`}`;
}
