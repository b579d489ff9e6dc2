import { figure } from '#lib/text/figures.ts';
import type { Intent } from '#lib/api/shapes.ts';
import { intentLabel, REACTIONS } from '#lib/features/posts/names.ts';
import { calendarDay } from '#lib/text/when.ts';
import { count, people } from '#lib/text/words.ts';
import type { Counts, MyActivity, MyStudyAttendance } from './shapes.ts';

const times = (number: number, what: string) => `${count(number, 'time')} that ${what}`;

/** "3 posts, 12 replies and 5 reactions": only what there is. */
export function countsWords(counts: Counts): string {
  const parts = [
    counts.published && count(counts.published, 'post'),
    counts.replied && count(counts.replied, 'reply', 'replies'),
    counts.reacted && count(counts.reacted, 'reaction'),
    counts.received && times(counts.received, 'someone replied or reacted to you'),
    counts.took_back && times(counts.took_back, 'you deleted or removed something'),
    counts.lost && times(counts.lost, 'a reaction to you was removed'),
    counts.read && times(counts.read, 'you read something'),
    counts.help_opened && times(counts.help_opened, 'you opened Help now'),
    counts.note_opened && times(counts.note_opened, 'you opened a post behind a note'),
    counts.break_taken && times(counts.break_taken, 'you took a break')
  ].filter((part) => typeof part === 'string');
  if (parts.length === 0) return 'It holds no record of anything you did yet.';
  return `It holds a record of ${people(parts)}.`;
}

export function total(counts: Counts): number {
  return Object.values(counts).reduce((sum, each) => sum + each, 0);
}

const LENGTHS: Record<string, string> = {
  brief: 'a few words',
  short: 'a few sentences',
  medium: 'of middle length',
  long: 'long'
};

/** Whose the post or reply was. Whether another member takes part is not told to anyone. */
const OWNERS: Record<string, string> = {
  member: ' of another member',
  staff: ' of someone who works here',
  self: ' of your own'
};

const LATENCIES: Record<string, string> = {
  under_10_minutes: 'the first reply, within 10 minutes',
  under_1_hour: 'the first reply, within an hour',
  under_6_hours: 'the first reply, within six hours',
  under_1_day: 'the first reply, within a day',
  later: 'the first reply, after a day or longer'
};

const LAST_ORDINAL = 100;

function ordinalWords(ordinal: number): string {
  if (ordinal >= LAST_ORDINAL) return 'your 100th or a later one in this study';
  const end = ({ one: 'st', two: 'nd', few: 'rd' } as Record<string, string>)[
    new Intl.PluralRules('en-GB', { type: 'ordinal' }).select(ordinal)
  ];
  return `your ${figure(ordinal)}${end ?? 'th'} in this study`;
}

/** One row a study holds, as a sentence with all that it says. */
export function activityWords(row: MyActivity): string {
  const details = [
    row.ordinal !== null && ordinalWords(row.ordinal),
    row.intent && intentLabel(row.intent as Intent).toLowerCase(),
    row.length_band && LENGTHS[row.length_band],
    row.has_note && 'behind a note',
    row.latency_band && LATENCIES[row.latency_band]
  ].filter((part) => typeof part === 'string');
  return [sentence(row), ...details].join(', ');
}

function sentence(row: MyActivity): string {
  const label = REACTIONS.find((each) => each.kind === row.reaction)?.label;
  const reaction = label && `“${label}”`;
  const thing = row.target === 'reply' ? 'a reply' : 'a post';
  const theirs = `${thing}${OWNERS[row.other_side ?? ''] ?? ''}`;
  const by = row.other_side === 'staff' ? 'Someone who works here' : 'Another member';
  switch (row.kind) {
    case 'published':
      return 'You wrote a post';
    case 'replied':
      return `You wrote a reply to ${theirs}`;
    case 'reacted':
      return `You gave the reaction ${reaction} to ${theirs}`;
    case 'received':
      return reaction
        ? `${by} gave you ${reaction} for ${thing} of yours`
        : `${by} replied to ${thing} of yours`;
    case 'took_back':
      return reaction
        ? `You removed the reaction ${reaction} to ${theirs}`
        : `You deleted ${thing} of your own`;
    case 'lost':
      return `${by} removed the reaction ${reaction} to ${thing} of yours`;
    case 'read':
      return `You read for ${count(row.seconds ?? 0, 'second')}`;
    case 'help_opened':
      return 'You opened Help now';
    case 'note_opened':
      return 'You opened a post behind a content note';
    case 'break_taken':
      return 'You took a break';
  }
}

const MODES: Record<MyStudyAttendance['mode'], string> = {
  in_person: 'in person',
  online: 'online'
};

/** One row about a meeting, with all that it says but for its day. */
export function meetingWords({ mode, minutes, is_taken_off }: MyStudyAttendance): string {
  const what = is_taken_off
    ? 'You were removed from the list of a meeting'
    : 'You came to a meeting';
  return `${what} ${MODES[mode]}, ${count(minutes, 'minute')}`;
}

/** The days from which on the community was closed to me; nothing without any. */
export function closedWords(days: string[]): string {
  if (days.length === 0) return '';
  return `It knows that Alongside was closed to you from ${people(days.map(calendarDay))}, not why or for how long.`;
}

const PARTS: Record<string, string> = {
  night: 'in the night',
  morning: 'in the morning',
  afternoon: 'in the afternoon',
  evening: 'in the evening'
};

/** The day and the part of it: nothing finer is kept. */
export function whenWords(row: MyActivity): string {
  return `${calendarDay(row.recorded_on)}, ${PARTS[row.time_band] ?? row.time_band}`;
}

/** How the study counts: days since joining, and visits, which half an hour without an act ends. */
export function placeWords(row: MyActivity): string {
  return row.session === null
    ? `Day ${figure(row.day)}`
    : `Day ${figure(row.day)}, visit ${figure(row.session)}`;
}
