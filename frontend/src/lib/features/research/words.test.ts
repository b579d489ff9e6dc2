import { expect, it } from 'vitest';
import { headcountWords } from './words.ts';

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
