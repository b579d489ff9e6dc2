import { expect, it } from 'vitest';
import { matching, putIn } from './figures.ts';
import type { FigureRead } from './shapes.ts';

const figure = (name: string, label: string) =>
  ({ name, label, sentence: '', measure: '', inline: '1' }) as unknown as FigureRead;
const kept = figure('retention.kept_84', 'Still here after 12 weeks');
const left = figure('retention.left', 'Left');

it('finds a figure by any of its words', () => {
  expect(matching([kept, left], '')).toEqual([kept, left]);
  expect(matching([kept, left], ' weeks  RETENTION ')).toEqual([kept]);
  expect(matching([kept, left], 'kept 84')).toEqual([kept]);
  expect(matching([kept, left], 'nowhere')).toEqual([]);
});

const at = (text: string) => {
  const place = text.indexOf('|');
  return { text: text.replace('|', ''), place: { start: place, end: place } };
};

it.each([
  ['|', '[[m.n]]'],
  ['About |.', 'About [[m.n]].'],
  ['About|people', 'About [[m.n]] people'],
  ['(|)', '([[m.n]])']
])('puts a number into a line: %s', (before, after) => {
  const { text, place } = at(before);
  expect(putIn(text, place, 'm.n', 'number').text).toBe(after);
});

it.each([
  ['|', '[[m.n]]\n\n'],
  ['One.|', 'One.\n\n[[m.n]]\n\n'],
  ['One.\n|Two.', 'One.\n\n[[m.n]]\n\nTwo.'],
  ['One.\n\n|\n\nTwo.', 'One.\n\n[[m.n]]\n\nTwo.'],
  ['One.\n\n|\nTwo.', 'One.\n\n[[m.n]]\n\nTwo.']
])('puts a table on a line of its own: %s', (before, after) => {
  const { text, place } = at(before);
  expect(putIn(text, place, 'm.n', 'table').text).toBe(after);
});

it('leaves the cursor behind it, and replaces what was selected', () => {
  const found = putIn('About many people.', { start: 6, end: 10 }, 'm.n', 'number');
  expect(found.text).toBe('About [[m.n]] people.');
  expect(found.text.slice(found.cursor)).toBe(' people.');
});
