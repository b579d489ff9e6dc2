import { expect, it } from 'vitest';
import type { InstrumentDetail } from '#lib/features/instruments/shapes.ts';
import { WordingDraft } from './wording-draft.svelte.ts';

const instrument = {
  version: 1,
  structure: [
    { name: 'a_1', codes: [1, 2], option_set: 'much' },
    { name: 'a_2', codes: [1, 2], option_set: 'much' },
    { name: 'a_3', codes: [], option_set: null }
  ]
} as unknown as InstrumentDetail;

it('asks for each item and for each set of labels once', () => {
  const draft = new WordingDraft('me', instrument, null);
  expect(draft.words.items.map(({ name }) => name)).toEqual(['a_1', 'a_2', 'a_3']);
  expect(draft.words.sets.map(({ name, items }) => [name, items])).toEqual([
    ['much', ['a_1', 'a_2']]
  ]);
});

it('names the first part without words', () => {
  const draft = new WordingDraft('me', instrument, null);
  expect(draft.missing).toBe('title');
  draft.words.title = 'Title';
  expect(draft.missing).toBe('item-0');
  for (const item of draft.words.items) item.text = ' Text ';
  expect(draft.missing).toBe('set-0-0');
  for (const set of draft.words.sets) for (const option of set.options) option.label = 'Label';
  expect(draft.missing).toBeNull();
});

it('sends labels in the order of the form, and nothing for what is empty', () => {
  const draft = new WordingDraft('me', instrument, null);
  draft.words.title = ' Title ';
  const [set] = draft.words.sets;
  if (set) draft.turn(set);
  const sent = draft.toSend();
  expect(sent.option_sets?.[0]?.options.map(({ code }) => code)).toEqual([2, 1]);
  expect([sent.title, sent.intro, sent.stem]).toEqual(['Title', null, null]);
});
