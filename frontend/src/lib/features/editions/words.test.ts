import { expect, it } from 'vitest';
import type { Edition } from './shapes.ts';
import { fileWords, sizeWords, standingOf, stepWords } from './words.ts';

const edition = (about: Partial<Edition>) =>
  ({ state: 'ready', done: 0, of: 0, why: '', reviews: [], decision: null, ...about }) as Edition;
const AT = '2026-11-28T10:05:00';

it.each<[string, Partial<Edition>]>([
  ['Waits for its turn. The work goes on if you leave this page.', { state: 'waiting' }],
  ['Being made: 3 of 9 parts.', { state: 'rendering', done: 3, of: 9 }],
  ['Being made.', { state: 'rendering' }],
  ['It could not be made: something went wrong on our side.', { state: 'failed' }],
  ['A part is too large.', { state: 'failed', why: 'A part is too large.' }],
  ['Stopped before it was made.', { state: 'cancelled' }],
  ['Withdrawn: nobody is shown it any more.', { state: 'withdrawn' }],
  ['Made. Waits for an adviser.', {}],
  ['Signed off. Waits for a checker.', { is_signed_off: true }],
  [
    'An adviser asked for a change.',
    { reviews: [{ verdict: 'needs_change' }] as Edition['reviews'] }
  ]
])('says where it stands: %s', (words, about) => {
  expect(standingOf(edition(about))).toBe(words);
});

it.each([
  ['released', 'Released 28 Nov 2026, 10:05.'],
  ['refused', 'Refused 28 Nov 2026, 10:05.']
] as const)('says that it was %s', (decision, words) => {
  const decided = { decision, note: 'Read.', decided_at: AT } as Edition['decision'];
  expect(standingOf(edition({ decision: decided, is_signed_off: true }))).toBe(words);
});

it('tells a step in words', () => {
  expect(stepWords('signed_off')).toBe('An adviser signed it off');
});

it('says what a file is and how much there is of it', () => {
  expect(fileWords({ name: 'pdf', byte_size: 1_240_000 })).toBe('PDF, 1.2 MB');
  expect([sizeWords(120), sizeWords(64_600)]).toEqual(['1 kB', '65 kB']);
});
