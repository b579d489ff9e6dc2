import { REASONS } from '#lib/features/flags/flag.actions.ts';
import { isolated } from '#lib/text/words.ts';
import type { Act, Case, CaseReport, LogLine } from './shapes.ts';

export const ACTS: { act: Act; key: string; label: string; hint: string }[] = [
  { act: 'nothing', key: '1', label: 'Leave it as it is', hint: 'It stays, open for everyone.' },
  {
    act: 'fold',
    key: '2',
    label: 'Fold it behind a note',
    hint: 'It stays. People choose whether to open it.'
  },
  {
    act: 'hide',
    key: '3',
    label: 'Hide it for now',
    hint: 'Only its author still sees it, with your reason.'
  },
  {
    act: 'restore',
    key: '4',
    label: 'Open it again',
    hint: 'It stands as its author wrote it.'
  }
];

/** What was done, after a name: "Sam folded it behind a note about self-harm". */
export function done(act: Act, noteAbout: string | null): string {
  if (act === 'fold')
    return noteAbout
      ? `folded it behind a note about ${isolated(noteAbout)}`
      : 'folded it behind a note';
  return { nothing: 'left it as it is', hide: 'hid it', restore: 'opened it again' }[act];
}

export function doorWords(report: Pick<CaseReport, 'door' | 'reason'>): string {
  if (report.door === 'worried') return 'is worried about the person who wrote it';
  const reason = REASONS.find((each) => each.value === report.reason)?.label;
  return reason
    ? `says: ${reason.charAt(0).toLowerCase()}${reason.slice(1)}`
    : 'says it breaks the rules';
}

/** "3 people are worried": what stands behind a case, in people. */
export function peopleWords(
  row: Pick<Case, 'is_worried' | 'is_second_look' | 'report_count' | 'worried_count'>
): string {
  const people = (number: number, one: string, many: string) =>
    number === 1 ? one : `${number} people ${many}`;
  if (row.report_count === 0) return row.is_second_look ? 'A second look' : 'Opened by a moderator';
  if (row.is_worried) return people(row.worried_count, 'Someone is worried', 'are worried');
  return people(row.report_count, 'Breaks the rules', 'say it breaks the rules');
}

/** What one member alone has flagged many times. */
export function groupWords(size: number, isWorried: boolean): string {
  return isWorried
    ? `One person is worried about ${size} posts`
    : `One person says ${size} posts break the rules`;
}

/** A line of the log, after the name of whoever did it. */
export function logWords(line: LogLine): string {
  const decided = line.facts['decided'] as Act | undefined;
  switch (line.act) {
    case 'opened':
      return line.actor ? 'opened this case.' : 'A flag opened this case.';
    case 'worried':
      return 'A flag said that someone is worried.';
    case 'asked_again':
      return 'asked for a second look.';
    case 'claimed':
      return 'claimed it.';
    case 'extended':
      return 'kept it longer.';
    case 'seen':
      return 'read it.';
    case 'released':
      return 'gave it back.';
    case 'alerted':
      return 'Nobody was looking, so the safeguarding lead was written to.';
    case 'decided':
      return `decided: ${decided ? done(decided, null) : 'see the case'}.`;
  }
}
