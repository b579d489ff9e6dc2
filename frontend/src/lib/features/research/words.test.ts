import { expect, it } from 'vitest';
import { disclosureWords, headcountWords } from './words.ts';
import type { Dataset } from './shapes.ts';

const agreeing = { activity: 0, text: 0, contact: 0 };

it.each([
  [0, 0, 0, 'Nobody has joined yet.'],
  [1, 0, 0, 'Of 1 person who joined, 1 takes part.'],
  [11, 2, 1, 'Of 14 people who joined, 11 take part; 2 stopped and 1 had everything erased.']
])('people as counts: %i, %i, %i', (taking_part, stopped, erased, words) => {
  expect(headcountWords({ taking_part, stopped, erased, agreeing })).toBe(words);
});

it('says what disclosure control did before any table, each number with its base', () => {
  const dataset = {
    participants: 23,
    disclosure: {
      k: 5,
      smallest_class: 6,
      recoded: [
        { column: 'area', people: 12 },
        { column: 'age_band', people: 3 }
      ]
    }
  } as Dataset;
  expect(disclosureWords(dataset)).toBe(
    'Everyone in it shares their answers about themselves with at least 5 other people, so nobody stands alone (at least 5 alike are asked for). To get there, answers were withheld: area for 12 of 23 and age for 3 of 23.'
  );
  const whole = { ...dataset, disclosure: { ...dataset.disclosure, recoded: [] } };
  expect(disclosureWords(whole)).toMatch(/Nothing had to be withheld\.$/);
});
