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
