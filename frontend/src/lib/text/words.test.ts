import { expect, it } from 'vitest';
import { count, isolated, people } from './words';

it.each([
  [['Rowan'], 0, 'Rowan'],
  [['Rowan', 'Sky'], 0, 'Rowan and Sky'],
  [['Rowan', 'Sky'], 3, 'Rowan, Sky and 3 others'],
  [['Rowan'], 1, 'Rowan and 1 other'],
  [[], 0, '']
])('names %j and %i more as "%s"', (names, more, words) => {
  expect(people(names, more)).toBe(words);
});

it('counts in words', () => {
  expect(count(1, 'new post')).toBe('1 new post');
  expect(count(2, 'reply', 'replies')).toBe('2 replies');
});

it('keeps a name that reads from the right apart from the sentence around it', () => {
  expect(isolated('مريم 7')).toBe('\u2068مريم 7\u2069');
  expect(people(['Rowan', 'נעמה'], 2)).toBe('Rowan, \u2068נעמה\u2069 and 2 others');
  expect(isolated('Zoë 7')).toBe('Zoë 7');
});
