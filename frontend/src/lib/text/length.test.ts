import { expect, it } from 'vitest';
import { lengthOf, charactersLeft } from './length.ts';

it.each([
  ['', 0],
  ['🌱', 1],
  ['👩🏽‍🚀', 4],
  ['e\u0301', 1],
  ['  a\r\nb \n', 3],
  ['𝔄'.repeat(60), 60]
])('counts %j as the server does', (text, length) => {
  expect(lengthOf(text)).toBe(length);
});

it('says how much room there is only near the end', () => {
  expect(charactersLeft(54, 60, 'Shorten it.')).toBeNull();
  expect(charactersLeft(55, 60, 'Shorten it.')).toBe('There is room for 5 more characters.');
  expect(charactersLeft(59, 60, 'Shorten it.')).toBe('There is room for 1 more character.');
  expect(charactersLeft(60, 60, 'Shorten it.')).toBe('There is room for 0 more characters.');
  expect(charactersLeft(61, 60, 'Shorten it.')).toBe('That is 1 character too many. Shorten it.');
});
