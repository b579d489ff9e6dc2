import { expect, it } from 'vitest';
import {
  contentWords,
  costWords,
  datasetWords,
  lostWords,
  shelterWords,
  warningWords
} from './dataset-words.ts';
import type { Dataset } from './shapes.ts';

const dataset = {
  cut_off: '2026-11-27',
  participants: 115,
  sheet_versions: [1],
  measures: ['active_days', 'giving'],
  answers: [],
  scores: ['phq9_total'],
  periods: null,
  disclosure: {
    k: 5,
    smallest_class: 6,
    costs: [{ column: 'phq9_total', percent: 0, label: 'PHQ-9: Symptoms of depression' }],
    left_out: 0
  }
} as unknown as Dataset;

it('tells up to when, about how many, and under which words', () => {
  expect(datasetWords(dataset)).toBe(
    'Recorded up to 27 November 2026. About 115 people are in it, who agreed under version 1 of the sheet.'
  );
  expect(datasetWords({ ...dataset, participants: null, sheet_versions: [1, 2] })).toBe(
    'Recorded up to 27 November 2026. Fewer than 8 people are in it, who agreed under versions 1 and 2 of the sheet.'
  );
});

it('says what a row tells, and that no answer is in it', () => {
  expect(contentWords(dataset)).toBe(
    'Each row tells: active days, giving and PHQ-9: Symptoms of depression. Answers that people gave about themselves: none.'
  );
  expect(contentWords({ ...dataset, periods: 1 })).toMatch(
    / Of all periods, its rows tell the first alone\. /
  );
  expect(contentWords({ ...dataset, measures: ['meetings'] })).toMatch(/^Each row tells: meetings/);
  expect(contentWords({ ...dataset, answers: ['age_band', 'area'] })).toMatch(/: age and area\.$/);
});

it('says with how many others everyone stands', () => {
  expect(shelterWords(dataset)).toMatch(/at least 5 other people \(5 alike are asked for\)\.$/);
  const more = { ...dataset, disclosure: { ...dataset.disclosure, left_out: 3 } };
  expect(shelterWords(more)).toMatch(/Some people had to be left out/);
});

it('says what it costs before any table', () => {
  expect(costWords([{ column: 'giving', percent: 0, label: null }])).toBe(
    'Nothing has to be made coarser or withheld.'
  );
  const costs = [
    { column: 'area', percent: 34, label: null },
    { column: 'days_observable', percent: 0, label: null },
    { column: 'giving', percent: 12, label: null }
  ];
  expect(costWords(costs)).toMatch(/: 12% for giving and 34% for area\.$/);
});

it('warns above 20% and says what to do', () => {
  expect(warningWords([{ column: 'giving', percent: 20, label: null }], true)).toBeNull();
  expect(warningWords([{ column: 'area', percent: 21, label: null }], true)).toMatch(
    /^Of area, more than 20% of values .* Choose fewer answers/
  );
  expect(warningWords([{ column: 'giving', percent: 40, label: null }], false)).toMatch(
    /fewer measures/
  );
  expect(warningWords([{ column: 'x', percent: 40, label: 'Lonely' }], true)).toMatch(
    /^Of Lonely, .* Choose fewer periods or scores/
  );
});

it('says before anyone is asked for a release what the file lost', () => {
  const lost = (percent: number, answers: string[]) =>
    lostWords({
      ...dataset,
      answers,
      disclosure: { ...dataset.disclosure, costs: [{ column: 'giving', percent, label: null }] }
    });
  expect(lost(20, [])).toBeNull();
  expect(lost(21, [])).toMatch(
    /^Of giving, more than 20% of values .* fewer measures before you ask/
  );
  expect(lost(21, ['area'])).toMatch(/fewer answers before you ask/);
  const costs = [{ column: 'phq9_total', percent: 21, label: 'PHQ-9' }];
  const told = { ...dataset, disclosure: { ...dataset.disclosure, costs } };
  expect(lostWords(told)).toMatch(/with fewer periods or scores before/);
  expect(lostWords({ ...told, periods: 1 })).toMatch(/with fewer scores before/);
});
