import { expect, it } from 'vitest';
import { isSameText, merge, sectionsOf, wordsFrom } from './edition-text.ts';

const NAMES = ['first', 'last'];

it('holds a text flat, with every section that the edition has, and gives it back', () => {
  const words = wordsFrom(NAMES, 3, { first: 'One.', gone: 'No longer a section.' });
  expect(words).toEqual({ based_on: 3, 'in:first': 'One.', 'in:last': '' });
  expect(sectionsOf(NAMES, words)).toEqual({ first: 'One.', last: '' });
});

it('is the same text whatever white space ends it', () => {
  expect(isSameText(NAMES, { first: 'One.' }, { first: 'One.\n', last: '' })).toBe(true);
  expect(isSameText(NAMES, { first: 'One.' }, { first: 'Two.' })).toBe(false);
});

it('takes from each of two texts what the other left as it was', () => {
  const base = { first: 'One.', last: 'End.' };
  const mine = { first: 'One, by me.', last: 'End.' };
  const theirs = { first: 'One.', last: 'End, by them.' };
  expect(merge(NAMES, base, mine, theirs)).toEqual({
    sections: { first: 'One, by me.', last: 'End, by them.' },
    both: []
  });
});

it('lets mine stand where both wrote, and says where', () => {
  const found = merge(NAMES, {}, { first: 'Mine.' }, { first: 'Theirs.', last: 'New.' });
  expect(found).toEqual({ sections: { first: 'Mine.', last: 'New.' }, both: ['first'] });
});

it('has nothing to show where both wrote the same', () => {
  expect(merge(NAMES, {}, { first: 'Same.' }, { first: 'Same. ' }).both).toEqual([]);
});
