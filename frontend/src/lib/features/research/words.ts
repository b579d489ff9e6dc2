import { count, people } from '#lib/text/words.ts';
import type { Dataset, Headcount } from './shapes.ts';

export const STATES = {
  draft: 'Being prepared',
  open: 'Open: members can join',
  closed: 'Closed'
} as const;

const COLUMNS: Record<string, string> = {
  tenure_band: 'time as a member',
  age_band: 'age',
  area: 'area',
  peer_support_before: 'peer support before'
};

export function columnWords(column: string): string {
  return COLUMNS[column] ?? column.replaceAll('_', ' ');
}

/** The people of a study in one sentence, each number with what it is a part of. */
export function headcountWords(counted: Headcount): string {
  const joined = counted.taking_part + counted.stopped + counted.erased;
  if (joined === 0) return 'Nobody has joined yet.';
  const gone = [
    counted.stopped && `${counted.stopped} stopped`,
    counted.erased && `${counted.erased} had everything erased`
  ].filter((part) => typeof part === 'string');
  const rest = gone.length ? `; ${people(gone)}` : '';
  return `Of ${count(joined, 'person', 'people')} who joined, ${counted.taking_part} ${counted.taking_part === 1 ? 'takes' : 'take'} part${rest}.`;
}

/** What disclosure control found, as a sentence before any table. */
export function disclosureWords(dataset: Dataset): string {
  const { k, smallest_class, recoded } = dataset.disclosure;
  const least = `Everyone in it shares their answers about themselves with at least ${count(smallest_class - 1, 'other person', 'other people')}, so nobody stands alone (at least ${k} alike are asked for).`;
  if (recoded.length === 0) return `${least} Nothing had to be withheld.`;
  const withheld = recoded.map(
    ({ column, people: number }) =>
      `${columnWords(column)} for ${number} of ${dataset.participants}`
  );
  return `${least} To get there, answers were withheld: ${people(withheld)}.`;
}
