import { expect, it } from 'vitest';
import { disclosureWords, headcountWords } from './words.ts';
import type { Dataset } from './shapes.ts';

const agreeing = { activity: null, text: null, contact: null };

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
