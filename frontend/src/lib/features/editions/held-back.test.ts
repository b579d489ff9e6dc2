import { expect, it } from 'vitest';
import { heldBack, heldBackWords } from './held-back.ts';
import type { FigureRead } from './shapes.ts';

const figure = (name: string, part: object | null) =>
  ({ name, label: name, part }) as unknown as FigureRead;

it('says of each figure what the rule took of it', () => {
  const taken = heldBack([
    figure('whole', { kind: 'table', why: '', held_back: 0 }),
    figure('table', { kind: 'table', why: '', held_back: 2 }),
    figure('counts', { kind: 'counts', why: '', people: [10, null] }),
    figure('share', { kind: 'share', why: 'Fewer than 10 people.' }),
    figure('nothing', null)
  ]);
  expect(taken.map(({ name, words }) => [name, words])).toEqual([
    ['table', '2 cells'],
    ['counts', '1 count'],
    ['share', 'Fewer than 10 people.']
  ]);
  expect(heldBackWords(5, taken)).toBe(
    'Of 5 figures in the dataset, 3 are held back, whole or in part.'
  );
});

it('says so when nothing was taken', () => {
  expect(heldBackWords(5, [])).toBe('Nothing was held back of its 5 figures.');
});
