import { figure } from '#lib/text/figures.ts';
import type { ParticipantCounts, Purpose, StudyDetail } from './shapes.ts';

/** The rooms of one study. */
export type StudyTab =
  | 'overview'
  | 'sheet'
  | 'questionnaires'
  | 'advice'
  | 'plan'
  | 'by-hand'
  | 'contact'
  | 'questions'
  | 'datasets'
  | 'measures'
  | 'releases'
  | 'reports'
  | 'project-page';

export const STATES = {
  draft: 'Being prepared',
  open: 'Open: members can join',
  closed: 'Closed'
} as const;

export function asksQuestionnaires({ purposes }: Pick<StudyDetail, 'purposes'>): boolean {
  return purposes.some(({ purpose }) => purpose === 'questionnaires');
}

/** What a study may ask for, as researchers call it. */
export const PURPOSES: { purpose: Purpose; label: string; hint: string }[] = [
  {
    purpose: 'activity',
    label: 'A record of what they do',
    hint: 'When they post, reply, react, get a reply or read. Never what they write.'
  },
  {
    purpose: 'questionnaires',
    label: 'Answers to questionnaires',
    hint: 'In waves that you plan next. Every question can be skipped.'
  },
  {
    purpose: 'text',
    label: 'What they write',
    hint: 'The words of their posts. They are kept inside and never leave in a dataset.'
  },
  { purpose: 'contact', label: 'Being asked again', hint: 'For example about an interview.' }
];

/** Weeks since joining as someone typed them: `0, 26, 52`. Null when they are no whole numbers. */
export function weeksOf(typed: string): number[] | null {
  const words = typed.split(/[\s,;]+/).filter(Boolean);
  return words.every((word) => /^\d{1,4}$/.test(word)) ? words.map(Number) : null;
}

/** Days of the calendar as someone typed them: `1 Apr 2027` is not one, `2027-04-01` is. */
export function daysOf(typed: string): string[] | null {
  const words = typed.split(/[\s,;]+/).filter(Boolean);
  return words.every((word) => /^\d{4}-\d{2}-\d{2}$/.test(word)) ? words : null;
}

/** What a period of a study is. */
export function periodWords(weeks: number[]): string {
  if (weeks.length === 0) return 'each 12 weeks since they joined';
  const last = weeks.length - 1;
  const days = `${weeks.slice(0, last).join(', ')} and ${weeks[last]}`;
  return `the time from one wave of questions to the next (in weeks ${days} since they joined)`;
}

/** How many periods a dataset can tell: all, or the first of them; none to choose where there is
 * only one. Without waves, periods of 12 weeks follow one another. */
export function periodChoices(weeks: number[]): { value: string; label: string }[] {
  const most = weeks.length ? weeks.length - 2 : 4;
  if (most < 1) return [];
  const upTo = (periods: number) => weeks[periods] ?? 12 * periods;
  const firsts = Array.from({ length: most }, (_, place) => ({
    value: String(place + 1),
    label: `${place === 0 ? 'The first alone' : `The first ${place + 1}`}: up to week ${upTo(place + 1)}`
  }));
  return [{ value: '0', label: 'All of them' }, ...firsts];
}

/** A live count as the server tells it: rounded down, or only that it is small. */
export function aboutWords(people: number | null): string {
  return people === null ? 'fewer than 10' : `${figure(people)} to ${figure(people + 4)}`;
}

/** Before a sheet of an open study is published: how many it tells, and what that means. */
export function tellsWords(counted: ParticipantCounts | null): string {
  const many = counted
    ? `People who take part now: ${aboutWords(counted.taking_part)}.`
    : "How many people take part can't be counted just now.";
  return `${many} Each of them will read on the study's page that the information has changed, and is asked to choose again. Until they do, what they agreed to stands. We send them no e-mail.`;
}

/** The people of a study in one sentence. */
export function participantCountsWords({
  taking_part,
  stopped,
  erased
}: ParticipantCounts): string {
  const [here, gone, cleared] = [taking_part, stopped, erased].map(aboutWords);
  return `People who take part: ${here}. Who stopped: ${gone}. Who had everything erased: ${cleared}.`;
}

export const WHY_ROUNDED =
  'Live counts are rounded down to a multiple of 5, and below 10 we only say so, even when there is nobody. Otherwise someone who looked often could see the minute in which a person joins. A dataset says how many are in it.';
