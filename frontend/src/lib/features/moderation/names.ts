import { figure } from '#lib/text/figures.ts';
import { REASONS } from '#lib/features/flags/flag.actions.ts';
import { count, isolated } from '#lib/text/words.ts';
import { lengthWords } from './sanctions.ts';
import type { Act, Case, CaseReport, CasesWaiting, LogLine, StepKind } from './shapes.ts';

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
    hint: 'Only its author and moderators still see it.'
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

/** A step, after a name: "Sam wrote to Rowan". */
export function stepDone(kind: StepKind, author: string): string {
  return {
    reached_out: `wrote to ${isolated(author)}`,
    handed_over: 'asked the safeguarding lead to look'
  }[kind];
}

const RULES: Record<NonNullable<CaseReport['reason']>, string> = {
  hurtful: 'hurtful',
  unsafe_method: 'a way to self-harm',
  personal_details: 'personal details',
  spam: 'advertising',
  something_else: 'something else'
};

/** Which rules are said to be broken: "hurtful, advertising". */
export function ruleWords(reasons: Case['reasons']): string {
  return reasons.map((reason) => RULES[reason]).join(', ');
}

export function reportKindWords(report: Pick<CaseReport, 'kind' | 'reason'>): string {
  if (report.kind === 'worried') return 'is worried about the person who wrote it';
  const reason = REASONS.find((each) => each.value === report.reason)?.label;
  return reason
    ? `says: ${reason.charAt(0).toLowerCase()}${reason.slice(1)}`
    : 'says it breaks the rules';
}

/** "3 people are worried", "1 person says: hurtful": what stands behind a case, in people. */
export function peopleWords(
  row: Pick<
    Case,
    'is_worried' | 'is_appeal' | 'is_premoderated' | 'report_count' | 'worried_count' | 'reasons'
  >
): string {
  if (row.report_count === 0)
    return row.is_appeal
      ? 'An appeal'
      : row.is_premoderated
        ? 'Held for a look'
        : 'Opened by a moderator';
  if (row.is_worried)
    return row.worried_count === 1
      ? 'Someone is worried'
      : `${figure(row.worried_count)} people are worried`;
  const say = row.report_count === 1 ? '1 person says' : `${figure(row.report_count)} people say`;
  return row.reasons.length ? `${say}: ${ruleWords(row.reasons)}` : `${say} it breaks the rules`;
}

/** "12 cases wait, flagged by 9 people. In 2 of them someone is worried." */
export function waitingWords({ cases, people, worried }: CasesWaiting): string {
  if (cases === 0) return 'No case waits.';
  const isMore = cases >= 100;
  const all = isMore
    ? '100 cases or more wait'
    : cases === 1
      ? '1 case waits'
      : `${figure(cases)} cases wait`;
  const by = people === 0 || isMore ? '' : `, flagged by ${count(people, 'person', 'people')}`;
  const worry = worried === 0 ? '' : ` In ${figure(worried)} of them someone is worried.`;
  return `${all}${by}.${worry}`;
}

/** What one member alone has flagged many times. */
export function batchWords(size: number, isWorried: boolean): string {
  return isWorried
    ? `One person is worried about ${figure(size)} posts`
    : `One person says ${figure(size)} posts break the rules`;
}

/** What the log tells of, to choose from. */
export const LOG_ACTS: { act: LogLine['act']; label: string }[] = [
  { act: 'opened', label: 'A case opened' },
  { act: 'worried', label: 'Someone became worried' },
  { act: 'appealed', label: 'An appeal' },
  { act: 'claimed', label: 'Claimed' },
  { act: 'extended', label: 'Kept longer' },
  { act: 'released', label: 'Given back' },
  { act: 'seen', label: 'Opened it' },
  { act: 'reached_out', label: 'Wrote to the author' },
  { act: 'handed_over', label: 'Asked the safeguarding lead' },
  { act: 'alerted', label: 'An e-mail because nobody looked' },
  { act: 'decided', label: 'Decided' },
  { act: 'sanctioned', label: 'Decided for a person' },
  { act: 'confirmed', label: 'Agreed to a suspension' },
  { act: 'declined', label: 'Did not agree to a suspension' },
  { act: 'upheld', label: 'An appeal: it stays' },
  { act: 'shortened', label: 'An appeal: made shorter' },
  { act: 'lifted', label: 'An appeal: lifted' },
  { act: 'over', label: 'Over by its time' }
];

function sanctionOfLine({ facts }: LogLine): string {
  const kind = String(facts['sanction']);
  const days = typeof facts['days'] === 'number' ? facts['days'] : null;
  const name = { warn: 'warned', read_first: 'read first', no_posting: 'no writing' }[kind];
  if (kind === 'warn') return 'warned';
  return `${name ?? 'suspended'} ${lengthWords(days)}`;
}

/** A line of the log, after the name of whoever did it. */
export function logWords(line: LogLine): string {
  const decided = line.facts['decided'] as Act | undefined;
  switch (line.act) {
    case 'opened':
      return line.actor ? 'opened this case.' : 'A flag opened this case.';
    case 'worried':
      return 'A flag said that someone is worried.';
    case 'appealed':
      return 'appealed.';
    case 'claimed':
      return 'claimed it.';
    case 'extended':
      return 'kept it longer.';
    case 'seen':
      return 'opened it.';
    case 'released':
      return 'gave it back.';
    case 'alerted':
      return 'Nobody had claimed it, so people on the team were e-mailed.';
    case 'reached_out':
      return 'wrote to the author.';
    case 'handed_over':
      return 'asked the safeguarding lead to look.';
    case 'sanctioned':
      return `decided for the person who wrote it: ${sanctionOfLine(line)}.`;
    case 'confirmed':
      return `agreed: ${sanctionOfLine(line)}.`;
    case 'declined':
      return `did not agree: ${sanctionOfLine(line)}.`;
    case 'upheld':
      return `looked at an appeal, and it stays: ${sanctionOfLine(line)}.`;
    case 'shortened':
      return `looked at an appeal, and made it shorter: ${sanctionOfLine(line)}.`;
    case 'lifted':
      return `looked at an appeal, and lifted it: ${sanctionOfLine(line)}.`;
    case 'over':
      return `The time was over: ${sanctionOfLine(line)}.`;
    case 'decided':
      return `decided: ${decided ? done(decided, null) : 'see the case'}.`;
  }
}

/** Over the text as it stands; only what was flagged can be unchanged since. */
export function presentTitle(flags: number, hasFormer: boolean, wasFlaggedSo: boolean): string {
  if (flags === 0) return 'As it is now';
  if (!hasFormer) return 'Unchanged since it was flagged';
  return wasFlaggedSo ? 'As it is now, and as it was when flagged' : 'As it is now';
}
