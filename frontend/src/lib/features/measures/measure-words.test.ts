import { describe, expect, it } from 'vitest';
import {
  blocks,
  curveWords,
  definitionRows,
  figureRow,
  firstFigures,
  foundWords,
  isUnderWay,
  rulesOf,
  sentence,
  stateWords,
  valueWords
} from './measure-words.ts';
import type {
  DeclaredMeasure,
  EvaluationShown,
  FoundCurve,
  FoundEstimate,
  FoundPart,
  FoundShare,
  FoundTable,
  MeasureChart
} from './shapes.ts';

const estimate: FoundEstimate = {
  kind: 'estimate',
  name: 'mean',
  label: 'Mean',
  unit: 'points',
  value: -1.25,
  low: -2,
  high: -0.5,
  people: 40,
  why: '',
  rule: 'By ten.'
};
const share: FoundShare = {
  kind: 'share',
  name: 'share',
  label: 'Share',
  people: 30,
  of: 60,
  percent: 50,
  why: '',
  rule: 'By five.'
};
const table = { kind: 'table', name: 'table' } as FoundTable;
const evaluation = {
  state: 'running',
  measures: ['one', 'two', 'three'],
  results: [{ measure: 'one', parts: [], why: '' }]
} as unknown as EvaluationShown;

describe('how far the work has come', () => {
  it.each([
    ['waiting', 'It is waiting for its turn. The work goes on if you leave this page.', true],
    ['running', '1 of 3 measures computed. The work goes on if you leave this page.', true],
    ['done', 'All 3 measures are computed.', false],
    ['cancelled', 'Stopped after 1 of 3 measures.', false],
    [
      'failed',
      'Something went wrong on our side after 1 of 3 measures. You can begin again.',
      false
    ]
  ] as const)('%s', (state, words, goesOn) => {
    expect(stateWords({ ...evaluation, state })).toBe(words);
    expect(isUnderWay({ ...evaluation, state })).toBe(goesOn);
  });
});

describe('a value in its unit', () => {
  it.each([
    [0.424, 'share', '42%'],
    [123_500, 'pence', '£1,235'],
    [-5000, 'pence', '−£50'],
    [14.5, 'days', '14.5 days'],
    [1203, 'minutes', '1,203 minutes'],
    [1440, 'minutes', '24 hours'],
    [2.26, 'times', '2.3'],
    [-0.001, 'points', '0.00'],
    [-1.25, 'points', '−1.25'],
    [0.1234, 'ratio', '0.123'],
    [0.42, 'ratio', '0.420']
  ] as const)('%s %s', (value, unit, words) => {
    expect(valueWords(value, unit)).toBe(words);
  });
});

it('a figure stands with its interval and its people, or with why there is none', () => {
  expect(figureRow(estimate)).toEqual({
    name: 'mean',
    label: 'Mean',
    value: '−1.25',
    interval: '−2.00 to −0.50',
    people: 40,
    why: ''
  });
  expect(figureRow(share)).toMatchObject({ value: '50%', interval: '', people: 60 });
  const held = { ...estimate, value: null, low: null, high: null, why: 'Too few.' };
  expect(figureRow(held)).toMatchObject({ value: null, interval: '', why: 'Too few.' });
  expect(figureRow({ ...share, percent: null })).toMatchObject({ value: null });
});

it('figures that follow one another are one table', () => {
  const parts: FoundPart[] = [estimate, { ...estimate, name: 'other' }, table, share, estimate];
  const found = blocks(parts).map(({ shown }) =>
    shown.kind === 'figures' ? shown.rows.length : shown.kind
  );
  expect(found).toEqual([2, 'table', 2]);
  expect(blocks([])).toEqual([]);
});

it('figures of one chart stand in one table, wherever they come, and once', () => {
  const parts: FoundPart[] = ['a', 'b', 'c', 'd'].map((name) => ({ ...estimate, name }));
  const chart: MeasureChart = {
    name: 'b',
    parts: ['b', 'd'],
    caption: 'Both',
    note: '',
    alternative: 'Both.'
  };
  const alone = { ...chart, name: 'table', parts: ['table'] };
  const told = blocks([...parts, table], [chart, alone]).map(({ shown, chart: its }) => [
    shown.kind === 'figures' ? shown.rows.map(({ name }) => name).join('') : shown.kind,
    its?.name
  ]);
  expect(told).toEqual([
    ['a', undefined],
    ['bd', 'b'],
    ['c', undefined],
    ['table', 'table']
  ]);
  expect(firstFigures(parts, chart).map(({ name }) => name)).toEqual(['a', 'c']);
  expect(foundWords(parts, true)).toBe('What else was found: 4 figures');
});

it('the first four figures are read at a glance, and each rule is said once', () => {
  const parts: FoundPart[] = [table, ...Array.from({ length: 5 }, () => estimate), share];
  expect(firstFigures(parts)).toHaveLength(4);
  expect(foundWords(parts)).toBe('All that was found: 6 figures, 1 table');
  expect(rulesOf([estimate, share, estimate])).toEqual(['By ten.', 'By five.']);
  expect(sentence('joined when')).toBe('Joined when');
});

it('a curve is told in a sentence', () => {
  const points = [
    { day: 0, percent: 100, at_risk: 99 },
    { day: 84, percent: 62.4, at_risk: 57 }
  ];
  const curve: FoundCurve = {
    kind: 'curve',
    name: 'c',
    label: 'C',
    points,
    people: 99,
    why: '',
    rule: ''
  };
  expect(curveWords(curve)).toBe(
    'Of about 99 people at the beginning, 62% are left after 84 days.'
  );
  expect(curveWords({ ...curve, points: [], people: null })).toBe('');
});

it('a definition leaves out what does not apply', () => {
  const measure: DeclaredMeasure = {
    name: 'reach',
    title: 'Reach',
    question: 'Who takes part?',
    numerator: 'People.',
    denominator: 'All.',
    window: 'Since opening.',
    base: 'Everyone.',
    risk_set: '',
    left_truncation: '',
    left_out: ['Staff.', 'Oneself.'],
    source: 'exact',
    citation: 'A paper.'
  };
  const rows = Object.fromEntries(definitionRows(measure));
  expect(rows['Left out']).toBe('Staff. Oneself.');
  expect(rows['Computed from']).toBe('Exact rows, which stay inside.');
  expect(rows).not.toHaveProperty('Who was here before');
});
