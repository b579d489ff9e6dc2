import { expect, it } from 'vitest';
import { DatasetChoice } from './dataset-choice.svelte.ts';

it('starts with the usual measures and without any answer', () => {
  expect(new DatasetChoice().chosen).toEqual({
    measures: ['active_days', 'giving', 'receiving'],
    answers: [],
    scores: []
  });
});

it('asks the same whatever was ticked first', () => {
  const [one, other] = [new DatasetChoice(), new DatasetChoice()];
  for (const name of ['area', 'age_band'] as const) one.answer(name, true);
  for (const name of ['age_band', 'area'] as const) other.answer(name, true);
  for (const name of ['phq9_total', 'gad7_total']) one.score(name, true);
  for (const name of ['gad7_total', 'phq9_total', 'x']) other.score(name, true);
  other.score('x', false);
  one.measure('giving', false);
  one.measure('giving', true);
  expect(one.chosen).toEqual(other.chosen);
});

it('tells all periods until fewer are chosen', () => {
  const choice = new DatasetChoice();
  expect(choice.chosen).not.toHaveProperty('periods');
  choice.periods = 2;
  expect(choice.chosen.periods).toBe(2);
});

it('knows when nothing is left to tell', () => {
  const choice = new DatasetChoice();
  for (const name of choice.chosen.measures) choice.measure(name, false);
  expect(choice.isEmpty).toBe(true);
});
