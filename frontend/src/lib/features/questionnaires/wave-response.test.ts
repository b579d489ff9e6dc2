import { expect, it } from 'vitest';
import type { Question, WaveDetail } from './shapes.ts';
import { sentAs, WaveResponse } from './wave-response.svelte.ts';

const question = (name: string, more: Partial<Question> = {}): Question => ({
  name,
  kind: 'single',
  text: name,
  hint: null,
  options: [0, 1].map((code) => ({ code, label: `${code}`, stands_alone: false })),
  show_if: null,
  shows_help: [],
  most: null,
  limit: null,
  ...more
});

const wave = (answers: WaveDetail['answers'] = {}) =>
  ({
    answers,
    questionnaires: [
      { instrument: 'a', questions: [question('a_1'), question('a_2')] },
      { instrument: 'n', questions: [question('n_1', { kind: 'number', most: 9, options: [] })] }
    ]
  }) as unknown as WaveDetail;

it('begins at the beginning, and goes from one instrument to the next and back', () => {
  const response = new WaveResponse(wave());
  expect([response.at, response.part?.question, response.total]).toEqual([0, null, 3]);
  response.part?.begin();
  response.next();
  expect(response.before).toBe(2);
  response.back();
  expect(response.part?.question?.name).toBe('a_2');
  response.back();
  expect(response.at).toBe(0);
});

it('goes on where somebody left off, on any device', () => {
  const response = new WaveResponse(wave({ a_1: null }));
  expect(response.part?.question?.name).toBe('a_2');
  const next = new WaveResponse(wave({ a_1: 1, a_2: 1 }));
  expect([next.at, next.part?.question]).toEqual([1, null]);
  expect(new WaveResponse(wave({ a_1: 1, a_2: 0, n_1: 4 })).isAtEnd).toBe(true);
});

it('puts what waits on this device above what the server holds', () => {
  const response = new WaveResponse(wave({ a_1: 1 }), [{ item: 'a_1', answer: 0 }]);
  expect(response.parts[0]?.answers).toEqual({ a_1: 0 });
});

it('names what was left out, and goes there', () => {
  const response = new WaveResponse(wave({ a_1: 1, a_2: null, n_1: 4 }));
  expect(response.without.map(({ name }) => name)).toEqual(['a_2']);
  response.goTo(response.without[0]!);
  expect([response.isAtEnd, response.part?.question?.name]).toEqual([false, 'a_2']);
  response.part?.answer(response.without[0]!, 1);
  response.part?.next();
  response.next();
  expect([response.isAtEnd, response.without]).toEqual([true, []]);
});

it('sends numbers as numbers and words without the space around them', () => {
  expect(sentAs(question('n', { kind: 'number' }), ' 7 ')).toBe(7);
  expect(sentAs(question('t', { kind: 'text' }), ' well ')).toBe('well');
  expect(sentAs(question('s'), 1)).toBe(1);
  expect(sentAs(question('s'), null)).toBeNull();
});
