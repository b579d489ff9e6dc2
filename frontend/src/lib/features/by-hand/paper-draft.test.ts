import { expect, it } from 'vitest';
import { PaperDraft, read, spoken, written } from './paper-draft.svelte.ts';
import type { Question, Questionnaire } from './shapes.ts';

const question = (kind: Question['kind'], more: Partial<Question> = {}): Question => ({
  name: 'a',
  kind,
  text: 'a',
  hint: null,
  options: [0, 1, 2].map((code) => ({ code, label: `L${code}`, stands_alone: code === 0 })),
  show_if: null,
  shows_help: [],
  most: 20,
  limit: 5,
  ...more
});

it.each([
  ['single', '', { answer: null }],
  ['single', ' 2 ', { answer: 2 }],
  ['single', '3', { fault: 'One of 0, 1, 2.' }],
  ['single', '1 2', { fault: 'One of 0, 1, 2.' }],
  ['several', '2, 1 2', { answer: [1, 2] }],
  ['several', '0', { answer: [0] }],
  ['several', '0 1', { fault: '0 stand alone.' }],
  ['several', 'x', { fault: 'Some of 0, 1, 2.' }],
  ['number', '20', { answer: 20 }],
  ['number', '21', { fault: 'A whole number from 0 to 20.' }],
  ['number', '1 2', { fault: 'A whole number from 0 to 20.' }],
  ['text', ' abc ', { answer: 'abc' }],
  ['text', 'abcdef', { fault: '5 characters fit here.' }]
] as const)('reads %s "%s"', (kind, typed, found) => {
  expect(read(question(kind), typed)).toEqual(found);
});

it('says an answer with its number and its words', () => {
  expect(spoken(question('single'), 1)).toBe('1 (L1)');
  expect(spoken(question('several'), [0, 2])).toBe('0 (L0), 2 (L2)');
  expect(spoken(question('text'), null)).toBe('Left empty');
  expect(written([1, 2])).toBe('1 2');
});

it('asks what follows, and sends nothing that does not', () => {
  const first = question('single');
  const second = question('number', { name: 'b', show_if: { item: 'a', codes: [1] } });
  const draft = new PaperDraft([
    { instrument: 'i', language: 'en', wording_version: 1, questions: [first, second] }
  ] as unknown as Questionnaire[]);
  const [response] = draft.responses;
  draft.type(response!, first, '1');
  draft.type(response!, second, '7');
  expect(draft.parts[0]?.answers).toEqual({ a: 1, b: 7 });
  draft.type(response!, first, '2');
  expect(draft.parts[0]?.answers).toEqual({ a: 2 });
  expect(draft.check()).toBe(false);
  draft.day = '2026-03-02';
  draft.type(response!, first, '9');
  expect(draft.check()).toBe(false);
  expect(draft.faults.get('a')).toBe('One of 0, 1, 2.');
  draft.type(response!, first, '0');
  expect(draft.check()).toBe(true);
});
