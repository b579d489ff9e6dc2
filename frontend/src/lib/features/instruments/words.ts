import { calendarDay } from '#lib/text/when.ts';
import { count } from '#lib/text/words.ts';
import type { InstrumentLine, ScoreDetail, StructureItem } from './shapes.ts';

const LANGUAGES: Record<string, string> = { en: 'English', cy: 'Welsh' };

export const languageName = (language: string) => LANGUAGES[language] ?? language;

/** "Locked: needs a licence", with how long one runs. */
export function lockWords({ lock, licensed_until }: InstrumentLine): string {
  switch (lock) {
    case 'open':
      return 'Words included';
    case 'licensed':
      return `Licensed until ${calendarDay(licensed_until ?? '')}`;
    case 'wordless':
      return 'Licensed, words not entered yet';
    case 'expired':
      return 'Locked: the licence has ended';
    case 'locked':
      return 'Locked: needs a licence';
  }
}

export const isReadable = ({ lock }: InstrumentLine) => lock === 'open' || lock === 'licensed';

/** Whose it is, as the end of a sentence. */
export const holderWords = (holder: string) => `Holder: ${holder.replace(/\.$/, '')}.`;

const METHODS: Record<ScoreDetail['method'], (items: number) => string> = {
  sum: (items) => `The sum of ${count(items, 'item')}`,
  item: () => 'The answer to one item',
  count: () => 'How many options were chosen',
  convert: () => 'Looked up in a table, from the sum',
  cost: (items) => `${count(items, 'number')} of contacts, each times its unit cost, in pence`
};

const HIGHER = { better: 'Higher is better.', worse: 'Higher is worse.', more: 'Higher is more.' };

/** How a score comes about, in sentences. */
export function scoreWords(score: ScoreDetail): string {
  const range =
    score.least === null || score.most === null ? '' : `, ${score.least} to ${score.most}`;
  const reversed = score.reversed_items.length
    ? ` ${count(score.reversed_items.length, 'item is', 'items are')} turned round.`
    : '';
  const higher = HIGHER[score.higher_is as keyof typeof HIGHER];
  return `${METHODS[score.method](score.items.length)}${range}.${reversed} ${higher}`;
}

/** What is done without some of the answers. */
export function missingWords(score: ScoreDetail): string {
  if (score.method === 'convert') return 'None where the sum is missing.';
  if (score.missing === 'prorata')
    return `Up to ${count(score.may_be_missing, 'answer')} may be missing: the mean of the others stands for them. With more missing there is no score.`;
  return score.items.length === 1
    ? 'None where it was skipped.'
    : 'Every answer is needed: without one there is no score.';
}

/** "minimal from 0, mild from 5". */
export const stepWords = (steps: ScoreDetail['bands']) =>
  steps.map(({ name, start }) => `${name} from ${start}`).join(', ');

/** What an item takes, without its words. */
export function itemWords(item: StructureItem): string {
  if (item.kind === 'number') return 'A number';
  if (item.kind === 'text') return 'A few words';
  const codes = `${item.codes.length} options`;
  return item.kind === 'several' ? `Several of ${codes}` : `One of ${codes}`;
}
