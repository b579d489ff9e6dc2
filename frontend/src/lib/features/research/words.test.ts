import { expect, it } from 'vitest';
import {
  participantCountsWords,
  periodChoices,
  periodWords,
  tellsWords,
  weeksOf
} from './words.ts';

const agreeing = { activity: null, questionnaires: null, text: null, contact: null };

it.each([
  [
    null,
    null,
    null,
    'People who take part: fewer than 10. Who stopped: fewer than 10. Who had everything erased: fewer than 10.'
  ],
  [
    115,
    10,
    null,
    'People who take part: 115 to 119. Who stopped: 10 to 14. Who had everything erased: fewer than 10.'
  ]
])('people as counts: %s, %s, %s', (taking_part, stopped, erased, words) => {
  expect(participantCountsWords({ taking_part, stopped, erased, agreeing })).toBe(words);
});

it.each([
  ['', []],
  ['0, 26, 52', [0, 26, 52]],
  ['0 12;24', [0, 12, 24]],
  ['0, soon', null],
  ['0, 1.5', null]
])('reads the weeks of waves: %s', (typed, weeks) => {
  expect(weeksOf(typed)).toEqual(weeks);
});

it('says whom a new sheet tells, as closely as may be told', () => {
  const counted = { taking_part: 40, stopped: null, erased: null, agreeing };
  expect(tellsWords(counted)).toContain('People who take part now: 40 to 44. Each of them will');
  expect(tellsWords({ ...counted, taking_part: null })).toContain('take part now: fewer than 10.');
  expect(tellsWords(null)).toContain("can't be counted just now. Each of them will");
});

it('says what a period is', () => {
  expect(periodWords([])).toBe('each 12 weeks since they joined');
  expect(periodWords([0, 26, 52])).toBe(
    'the time from one wave of questions to the next (in weeks 0, 26 and 52 since they joined)'
  );
});

it('offers all periods, or the first of them where there are several', () => {
  expect(periodChoices([0, 26])).toEqual([]);
  expect(periodChoices([0, 13, 26, 52]).map(({ label }) => label)).toEqual([
    'All of them',
    'The first alone: up to week 13',
    'The first 2: up to week 26'
  ]);
  expect(periodChoices([]).at(-1)).toEqual({ value: '4', label: 'The first 4: up to week 48' });
});
