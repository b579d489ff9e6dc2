import { figure, percentage } from '#lib/text/figures.ts';
import type { Choice } from '#lib/api/generated/types.gen.ts';
import { calendarDay } from '#lib/text/when.ts';
import { count, people } from '#lib/text/words.ts';
import type { Cost, Dataset, File } from './shapes.ts';

export type DatasetMeasure = NonNullable<Choice['measures']>[number];
export type DatasetAnswer = NonNullable<Choice['answers']>[number];

/** `name` is the column, `short` stands within a sentence, `label` beside a box to tick. */
type Named<Name> = { name: Name; short: string; label: string };

export const MEASURES: Named<DatasetMeasure>[] = [
  { name: 'active_days', short: 'active days', label: 'On how many days they did something' },
  { name: 'giving', short: 'giving', label: 'How many replies and reactions they gave' },
  { name: 'receiving', short: 'receiving', label: 'How many replies and reactions they received' },
  { name: 'meetings', short: 'meetings', label: 'How many meetings of groups they came to' },
  { name: 'posts', short: 'posts', label: 'How many posts they published' },
  { name: 'reading', short: 'reading', label: 'How long they read' }
];

export const ANSWERS: Named<DatasetAnswer>[] = [
  { name: 'peer_support_before', short: 'peer support before', label: 'Peer support before' },
  { name: 'tenure_band', short: 'time as a member', label: 'Time as a member' },
  { name: 'age_band', short: 'age', label: 'Age' },
  { name: 'area', short: 'area', label: 'Area' }
];

const OTHER_COLUMNS = [{ name: 'days_observable', short: 'days they could be seen' }];

const COLUMNS: { name: string; short: string }[] = [...MEASURES, ...OTHER_COLUMNS, ...ANSWERS];

export function columnWords(column: string): string {
  const known = COLUMNS.find(({ name }) => name === column);
  return known?.short ?? column.replaceAll('_', ' ');
}

/** A score is called by what it measures. */
export function costColumn({ column, label }: Cost): string {
  return label ?? columnWords(column);
}

/** Measures first, answers after, as they are chosen: the server keeps no order. */
export function ordered(costs: Cost[]): Cost[] {
  const place = ({ column }: Cost) => COLUMNS.findIndex(({ name }) => name === column);
  return costs.toSorted((one, other) => place(one) - place(other));
}

/** Out of a hundred: from here on a choice is worth a second thought. The server warns by it too. */
const COSTLY = 20;
const costly = (costs: Cost[]) => ordered(costs).filter(({ percent }) => percent > COSTLY);
const named = (costs: Cost[]) => people(costs.map(costColumn));

/** What disclosure control costs, as a sentence before any table. */
export function costWords(costs: Cost[]): string {
  const paid = ordered(costs).filter(({ percent }) => percent > 0);
  if (paid.length === 0) return 'Nothing has to be made coarser or withheld.';
  const parts = paid.map((cost) => `${percentage(cost.percent)} for ${costColumn(cost)}`);
  return `To keep people from being recognised, some values are made coarser or withheld: ${people(parts)}.`;
}

/** What to choose less of: scores at each end of a period cost the most, then answers. */
function fewer(costs: Cost[], hasAnswers: boolean, isOnePeriod = false): string {
  if (costs.some(({ label }) => label !== null))
    return isOnePeriod ? 'fewer scores' : 'fewer periods or scores';
  return hasAnswers ? 'fewer answers' : 'fewer measures';
}

/** What a costly choice loses, and what to do; null when it loses little. */
export function warningWords(costs: Cost[], hasAnswers: boolean): string | null {
  const much = costly(costs);
  if (much.length === 0) return null;
  return `Of ${named(much)}, more than ${percentage(COSTLY)} of values are made coarser or withheld. Choose ${fewer(costs, hasAnswers)}, or go on if you can do with that.`;
}

/** What leaving the file would lose its readers, said before anyone is asked; null when little. */
export function lostWords({ disclosure: { costs }, answers, periods }: Dataset): string | null {
  const much = costly(costs);
  if (much.length === 0) return null;
  const less = fewer(costs, answers.length > 0, periods === 1);
  return `Of ${named(much)}, more than 20% of values are coarser or withheld in it. If you need them, freeze a dataset with ${less} before you ask.`;
}

/** Up to when, how many, and under which words they agreed. */
export function datasetWords({ cut_off, participants, sheet_versions }: Dataset): string {
  const many =
    participants === null ? 'Fewer than 8 people' : `About ${figure(participants)} people`;
  const versions = people(sheet_versions.map(String));
  const word = sheet_versions.length === 1 ? 'version' : 'versions';
  const under = sheet_versions.length ? `, who agreed under ${word} ${versions} of the sheet` : '';
  return `Recorded up to ${calendarDay(cut_off)}. ${many} are in it${under}.`;
}

export function contentWords(dataset: Dataset): string {
  const { measures, answers, scores, periods, disclosure } = dataset;
  const labelled = disclosure.costs.filter(({ column }) => scores.includes(column));
  const told = people([...measures.map(columnWords), ...labelled.map(costColumn)]);
  const said = answers.length ? people(answers.map(columnWords)) : 'none';
  const first = periods === 1 ? 'the first alone' : `the first ${periods}`;
  const part = periods === null ? '' : ` Of all periods, its rows tell ${first}.`;
  return `Each row tells: ${told}.${part} Answers that people gave about themselves: ${said}.`;
}

/** Who stands together, and who could not be hidden at all. */
export function shelterWords({ disclosure: { k, smallest_class, left_out } }: Dataset): string {
  const alike = `Everyone in it shares their whole record with at least ${count(smallest_class - 1, 'other person', 'other people')} (${figure(k)} alike are asked for).`;
  return left_out ? `${alike} Some people had to be left out of the rows altogether.` : alike;
}

const FILES: Record<string, string> = {
  periods: 'A person and period, in bands',
  flow: 'How many looked, agreed, stopped or were erased, by 12 weeks',
  community: 'Totals of the whole community, rounded, by 12 weeks',
  wave_flow: 'How many were asked, handed in, declined or were silent, by wave',
  acts: 'A single act',
  responses: 'A person and wave: what they answered, and when',
  scores: 'A person and wave: their scores',
  doses: 'A person and period: exactly how much they did'
};

export function rowWords({ name }: File): string {
  return FILES[name] ?? '';
}

const DOWNLOADED: Record<string, string> = {
  all: 'the periods',
  acts: 'the rows of single acts',
  answers: 'the rows of answers'
};

export function downloadedWords(what: string): string {
  return DOWNLOADED[what] ?? what;
}
