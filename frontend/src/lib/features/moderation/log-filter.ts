import type { LogLine } from './shapes.ts';
import { LOG_ACTS } from './names.ts';

type LogAct = LogLine['act'];

/** Which lines of the log are asked for, as it stands in the address; empty where nothing is. */
export type LogFilter = { by: string; act: LogAct | ''; from: string; to: string; case: string };

export const EVERYTHING: LogFilter = { by: '', act: '', from: '', to: '', case: '' };

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** What the address asks for; what means nothing there is left out. */
export function filterFrom(asked: { get(name: string): string | null }): LogFilter {
  const given = (name: string, form: RegExp) => {
    const value = asked.get(name) ?? '';
    return form.test(value) ? value : '';
  };
  return {
    by: given('by', ID),
    act: LOG_ACTS.find(({ act }) => act === asked.get('act'))?.act ?? '',
    from: given('from', DAY),
    to: given('to', DAY),
    case: given('case', ID)
  };
}

export function logHref(only: LogFilter): string {
  const set = Object.entries(only).filter(([, value]) => value !== '');
  const query = new URLSearchParams(set).toString();
  return query ? `/moderation/log?${query}` : '/moderation/log';
}

export const isEverything = (only: LogFilter): boolean => logHref(only) === logHref(EVERYTHING);

/** As the server calls them. */
export function toQuery(only: LogFilter) {
  return {
    actor_id: only.by || null,
    act: only.act || null,
    since: only.from || null,
    until: only.to || null,
    case_id: only.case || null
  };
}
