import { expect, it } from 'vitest';
import { Asking } from './asking.svelte.ts';
import type { Askable } from './shapes.ts';

const field = (name: string, values: string[]) => ({
  name,
  label: name,
  about: 'person' as const,
  values: values.map((value) => ({ value, label: value }))
});
const askable: Askable = {
  measures: [
    { name: 'taking_part', label: 'take part', definition: 'All.', has_acts: false },
    { name: 'posted', label: 'posted', definition: 'Some.', has_acts: true }
  ],
  fields: [field('area', ['wales', 'london']), field('age', ['old']), field('period', [])]
};

it('asks for nothing but people who take part until something is chosen', () => {
  const asking = new Asking(askable);
  expect(asking.question()).toEqual({ of: 'taking_part', count: 'people', by: [], where: [] });
});

it('lets go of what no longer fits', () => {
  const asking = new Asking(askable);
  asking.of = 'posted';
  asking.count = 'acts';
  asking.first = asking.second = 'area';
  expect(asking.question()).toMatchObject({ of: 'posted', count: 'acts', by: ['area'] });
  asking.of = 'taking_part';
  expect(asking.question().count).toBe('people');
  asking.of = 'gone';
  expect(asking.question().count).toBe('people');
});

it('filters by each field once, and only by those with values', () => {
  const asking = new Asking(askable);
  asking.add();
  asking.add();
  asking.add();
  expect(asking.question().where).toEqual([
    { field: 'area', value: 'wales' },
    { field: 'age', value: 'old' }
  ]);
  const [first, second] = asking.filters;
  if (!first || !second) throw new Error('two filters');
  expect(asking.fieldsFor(first).map(({ name }) => name)).toEqual(['area']);
  asking.remove(second.key);
  asking.choose(first, 'age');
  expect(asking.question().where).toEqual([{ field: 'age', value: 'old' }]);
  asking.choose(first, 'period');
  expect(asking.question().where).toEqual([{ field: 'period', value: '' }]);
});
