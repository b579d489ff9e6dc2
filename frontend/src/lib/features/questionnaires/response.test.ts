import { expect, it } from 'vitest';
import { QuestionnaireResponse } from './response.svelte.ts';
import type { Question, Questionnaire } from './shapes.ts';

const question = (name: string, more: Partial<Question> = {}): Question => ({
  name,
  kind: 'single',
  text: name,
  hint: null,
  options: [0, 1, 2].map((code) => ({ code, label: `${code}`, stands_alone: false })),
  show_if: null,
  shows_help: [],
  most: null,
  limit: null,
  ...more
});

const of = (...questions: Question[]) =>
  new QuestionnaireResponse({ questions } as unknown as Questionnaire);

const at = (response: QuestionnaireResponse, place: number) => response.asked[place] as Question;

it('asks one question after the other, and ends', () => {
  const response = of(question('a'), question('b'));
  expect(response.question).toBeNull();
  response.begin();
  expect(response.question?.name).toBe('a');
  response.next();
  expect([response.question?.name, response.place]).toEqual(['b', 1]);
  response.next();
  expect(response.isDone).toBe(true);
  response.back();
  expect([response.isDone, response.question?.name]).toEqual([false, 'b']);
});

it('goes back from the first question to where it began', () => {
  const response = of(question('a'));
  response.begin();
  response.back();
  expect(response.question).toBeNull();
});

it('asks what follows from an answer, and counts it', () => {
  const branch = { item: 'a', codes: [2] };
  const response = of(question('a'), question('b', { show_if: branch }), question('c'));
  response.begin();
  expect(response.asked.map((one) => one.name)).toEqual(['a', 'c']);
  response.answer(at(response, 0), 2);
  expect(response.asked.map((one) => one.name)).toEqual(['a', 'b', 'c']);
  response.skip();
  expect(response.asked.map((one) => one.name)).toEqual(['a', 'c']);
  expect(response.question?.name).toBe('c');
});

it('asks nothing that follows from a question which is not asked itself', () => {
  const response = of(
    question('a'),
    question('b', { show_if: { item: 'a', codes: [1] } }),
    question('c', { show_if: { item: 'b', codes: [1] } })
  );
  response.answers = { a: 1, b: 1 };
  expect(response.asked).toHaveLength(3);
  response.answer(at(response, 0), 0);
  expect(response.asked).toHaveLength(1);
});

it('takes several options, and one that stands alone by itself', () => {
  const options = [0, 1, 2].map((code) => ({
    code,
    label: `${code}`,
    stands_alone: code === 0
  }));
  const several = question('a', { kind: 'several', options });
  const response = of(several, question('b', { show_if: { item: 'a', codes: [2] } }));
  for (const code of [1, 2]) response.toggle(several, code);
  expect(response.answers.a).toEqual([1, 2]);
  expect(response.asked).toHaveLength(2);
  response.toggle(several, 0);
  expect(response.answers.a).toEqual([0]);
  response.toggle(several, 1);
  expect(response.answers.a).toEqual([1]);
  response.toggle(several, 1);
  expect(response.answerOf(several)).toBeNull();
});

it('says what to do where there is no answer, or none that fits', () => {
  const response = of(question('a'), question('n', { kind: 'number', most: 9, options: [] }));
  response.begin();
  expect(response.fault).toBe('Choose an answer, or skip this question.');
  response.answer(at(response, 0), 0);
  expect(response.fault).toBeNull();
  response.next();
  for (const wrong of ['10', '1.5', '-1', 'two']) {
    response.answer(at(response, 1), wrong);
    expect(response.fault).toBe('Write a whole number from 0 to 9, or skip this question.');
  }
  response.answer(at(response, 1), ' 9 ');
  expect(response.fault).toBeNull();
});

it('says when words are too long', () => {
  const response = of(question('t', { kind: 'text', limit: 3, options: [] }));
  response.begin();
  response.answer(at(response, 0), 'four');
  expect(response.fault).toBe('3 characters fit here. Please shorten it.');
  response.answer(at(response, 0), 'six');
  expect(response.fault).toBeNull();
});

it('shows help after the answers that ask for it, and no others', () => {
  const safety = question('a', { shows_help: [1, 2] });
  const response = of(safety);
  expect(response.showsHelp(safety)).toBe(false);
  response.answer(safety, 0);
  expect(response.showsHelp(safety)).toBe(false);
  response.answer(safety, 1);
  expect(response.showsHelp(safety)).toBe(true);
});
