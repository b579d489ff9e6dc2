import { describe, expect, it } from 'vitest';
import type { ProtectedTable, Recruitment } from './shapes.ts';
import {
  activityPoints,
  activityWords,
  recruitmentPoints,
  recruitmentWords,
  runs,
  top
} from './curve-words.ts';

const recruitment = (people: (number | null)[], looked: number | null = 40): Recruitment => ({
  points: people.map((each, at) => ({ week: at + 1, ended_on: '2026-11-22', people: each })),
  step_weeks: 1,
  looked
});

const activity = (cells: [number | null, number | null][]) =>
  ({
    cells: cells.map(([value, of]) => [{ value, of, why: value === null ? 'few' : null }]),
    rows: { values: cells.map((_, at) => ({ value: `${at + 1}`, label: `week ${at + 1}` })) }
  }) as unknown as ProtectedTable;

describe('who joined', () => {
  it('is a sentence with those who looked', () => {
    expect(recruitmentWords(recruitment([null, 15]))).toBe(
      'By the end of week 2, on 22 November 2026, 15 to 19 people had joined, of 40 to 44 who have looked at the study so far.'
    );
  });

  it('is told as few while they are few', () => {
    expect(recruitmentWords(recruitment([null], null))).toContain(
      'fewer than 10 people had joined.'
    );
    expect(recruitmentWords(recruitment([]))).toContain('when the first week');
  });

  it('has no denominator but the one in the sentence', () => {
    expect(recruitmentPoints(recruitment([15]))).toEqual([
      { label: 'week 1', value: 15, of: null }
    ]);
  });
});

describe('who did something', () => {
  it('is a sentence about the first and the last week that is told, each of how many', () => {
    const table = activity([
      [null, 25],
      [20, 25],
      [10, 15],
      [null, null]
    ]);
    expect(activityWords(table)).toBe(
      'In week 2 since they joined, about 20 of 25 people did something here; in week 3, about 10 of 15.'
    );
    expect(activityPoints(table)[3]).toEqual({ label: 'week 4', value: null, of: null });
  });

  it('is one week, or none', () => {
    expect(activityWords(activity([[10, 10]]))).toBe(
      'In week 1 since they joined, about 10 of 10 people did something here.'
    );
    expect(activityWords(activity([[null, 10]]))).toContain('Too few people');
  });
});

it.each([
  [[], 10],
  [[15], 16],
  [[24], 24],
  [[45], 50],
  [[101], 120],
  [[260], 300]
])('an axis for %j ends at %i', (values, end) => {
  expect(top(values.map((value) => ({ label: '', value, of: null })))).toBe(end);
});

it('draws nothing where a figure is held back', () => {
  const at = (x: number, y: number) => ({ x, y });
  expect(runs([null, 1, 2, null, null, 3, null], at)).toEqual([[at(1, 1), at(2, 2)], [at(5, 3)]]);
  expect(runs([null, null], at)).toEqual([]);
});
