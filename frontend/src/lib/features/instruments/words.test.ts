import { expect, it } from 'vitest';
import type { InstrumentLine, ScoreDetail } from './shapes.ts';
import {
  holderWords,
  isReadable,
  itemWords,
  lockWords,
  missingWords,
  scoreWords,
  stepWords
} from './words.ts';

const score = (more: Partial<ScoreDetail>) =>
  ({
    name: 'a',
    label: 'A',
    method: 'sum',
    items: ['a_1', 'a_2', 'a_3'],
    reversed_items: [],
    missing: 'all',
    may_be_missing: 0,
    least: 0,
    most: 9,
    higher_is: 'worse',
    bands: [],
    cut_offs: [],
    reliable_change: null,
    ...more
  }) as ScoreDetail;

const line = (lock: InstrumentLine['lock'], licensed_until: string | null = null) =>
  ({ lock, licensed_until }) as InstrumentLine;

it.each([
  ['open', 'Words included', true],
  ['wordless', 'Licensed, words not entered yet', false],
  ['expired', 'Locked: the licence has ended', false],
  ['locked', 'Locked: needs a licence', false]
] as const)('says how it stands with the words: %s', (lock, words, readable) => {
  expect(lockWords(line(lock))).toBe(words);
  expect(isReadable(line(lock))).toBe(readable);
});

it('says until when a licence runs', () => {
  expect(lockWords(line('licensed', '2027-03-31'))).toBe('Licensed until 31 March 2027');
  expect(isReadable(line('licensed', '2027-03-31'))).toBe(true);
});

it('says how a score comes about', () => {
  expect(scoreWords(score({}))).toBe('The sum of 3 items, 0 to 9. Higher is worse.');
  expect(scoreWords(score({ reversed_items: ['a_1', 'a_2'], higher_is: 'better' }))).toBe(
    'The sum of 3 items, 0 to 9. 2 items are turned round. Higher is better.'
  );
  expect(scoreWords(score({ method: 'cost', least: null, most: null, higher_is: 'more' }))).toBe(
    '3 numbers of contacts, each times its unit cost, in pence. Higher is more.'
  );
});

it('says what is done without some of the answers', () => {
  expect(missingWords(score({}))).toBe('Every answer is needed: without one there is no score.');
  expect(missingWords(score({ items: ['a_1'] }))).toBe('None where it was skipped.');
  expect(missingWords(score({ method: 'convert' }))).toBe('None where the sum is missing.');
  expect(missingWords(score({ missing: 'prorata', may_be_missing: 2 }))).toContain(
    'Up to 2 answers may be missing'
  );
});

it('says whose it is, with one full stop', () => {
  expect(holderWords('Pfizer Inc.')).toBe('Holder: Pfizer Inc.');
  expect(holderWords('Ours')).toBe('Holder: Ours.');
});

it('says steps and kinds of items', () => {
  const bands = [
    { name: 'minimal', start: 0 },
    { name: 'mild', start: 5 }
  ];
  expect(stepWords(bands)).toBe('minimal from 0, mild from 5');
  const item = { kind: 'several', codes: [1, 2] } as Parameters<typeof itemWords>[0];
  expect(itemWords(item)).toBe('Several of 2 options');
  expect(itemWords({ ...item, kind: 'single' })).toBe('One of 2 options');
  expect(itemWords({ ...item, kind: 'number' })).toBe('A number');
  expect(itemWords({ ...item, kind: 'text' })).toBe('A few words');
});
