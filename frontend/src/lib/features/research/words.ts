import type { Headcount, Purpose } from './shapes.ts';

export const STATES = {
  draft: 'Being prepared',
  open: 'Open: members can join',
  closed: 'Closed'
} as const;

/** What a study may ask for, as researchers call it. */
export const PURPOSES: { purpose: Purpose; label: string; hint: string }[] = [
  {
    purpose: 'activity',
    label: 'A record of what they do',
    hint: 'When they post, reply, react, are answered or read. Never what they write.'
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

/** What a period of a study is. */
export function periodWords(weeks: number[]): string {
  if (weeks.length === 0) return 'each 12 weeks since they joined';
  const last = weeks.length - 1;
  const days = `${weeks.slice(0, last).join(', ')} and ${weeks[last]}`;
  return `the time from one wave of questions to the next (in weeks ${days} since they joined)`;
}

/** A live count as the server tells it: rounded down, or only that it is small. */
export function aboutWords(people: number | null): string {
  return people === null ? 'fewer than 10' : `${people} to ${people + 4}`;
}

/** The people of a study in one sentence. */
export function headcountWords({ taking_part, stopped, erased }: Headcount): string {
  const [here, gone, cleared] = [taking_part, stopped, erased].map(aboutWords);
  return `People who take part: ${here}. Who stopped: ${gone}. Who had everything erased: ${cleared}.`;
}

export const WHY_ROUNDED =
  'Counts of this moment are rounded down to a multiple of 5, and below 10 they are not told, none included: whoever looked often would otherwise see the minute in which somebody joins. A dataset says how many are in it.';
