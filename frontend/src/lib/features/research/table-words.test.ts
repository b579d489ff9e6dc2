import { expect, it } from 'vitest';
import type { ProtectedTable } from './shapes.ts';
import { answerWords, cellWords, day, each, filled, flagWords, heldBack } from './table-words.ts';

type Cell = ProtectedTable['cells'][number][number];

const cell = (value: number | null, of: number | null = null): Cell => ({
  value,
  of,
  why: value === null ? 'few' : null
});
const wales = { value: 'wales', label: 'Wales' };
const london = { value: 'london', label: 'London' };
const area = { field: 'area', label: 'area', values: [london, wales], adds: true };

function table(change: Partial<ProtectedTable>): ProtectedTable {
  return {
    measure: 'posted',
    label: 'posted',
    definition: 'Published at least one post.',
    count: 'people',
    where: [],
    rows: null,
    columns: null,
    cells: [[cell(85, 115)]],
    row_totals: [85],
    column_totals: [85],
    total: 85,
    base: 115,
    flags: [],
    redacted: 0,
    rule: 'Rounded.',
    counted_on: '2026-03-03',
    held_until: '2026-03-31',
    ...change
  };
}

it.each<[string, Partial<ProtectedTable>]>([
  ['Of about 115 people, about 85 posted.', {}],
  [
    'About 115 people (area: Wales) take part.',
    {
      label: 'take part',
      cells: [[cell(115)]],
      where: [{ field: 'area', label: 'area', value: wales }]
    }
  ],
  [
    'About 115 people are behind this, but the figure itself is held back.',
    { cells: [[cell(null)]] }
  ],
  [
    'A group too small to tell are behind this, but the figure itself is held back.',
    { cells: [[cell(null)]], base: null }
  ],
  [
    'Of about 115 people, those who posted did so about 340 times in all.',
    { cells: [[cell(340, 115)]], count: 'acts' }
  ],
  [
    'Here is how many of about 115 people posted, by area. The largest figure is about 60: London.',
    { rows: area, cells: [[cell(60, 80)], [cell(25, 35)]] }
  ],
  [
    'About 115 people take part. They are shown by area.',
    { label: 'take part', rows: area, cells: [[cell(60)], [cell(60)]] }
  ],
  [
    'Here is how often those who posted did so, by area, among about 115 people. The largest figure is about 60: London.',
    { rows: area, cells: [[cell(60, 80)], [cell(null, 35)]], count: 'acts' }
  ]
])('%s', (words, change) => {
  expect(answerWords(table(change))).toBe(words);
});

it('says so when the people it is about are only those in groups that can be shown', () => {
  const cells = [[cell(15, 20)], [cell(null)]];
  expect(answerWords(table({ rows: area, cells, base: 20 }))).toMatch(
    /^Here is how many of about 20 people \(in groups large enough to show\) posted, by area\./
  );
});

it('leaves out rows and columns of which nothing is shown, unless there are no others', () => {
  const cells = [
    [cell(null), cell(null)],
    [cell(20), cell(null)]
  ];
  expect(filled(table({ cells, columns: area }))).toEqual({ rows: [1], columns: [0] });
  expect(filled(table({ cells }))).toEqual({ rows: [0, 1], columns: [0] });
  expect(filled(table({ cells: [[cell(null)]], columns: area })).rows).toEqual([0]);
});

it('reads each figure with its denominator', () => {
  expect(cellWords(cell(15, 20), 'people')).toBe('15 of 20');
  expect(cellWords(cell(15), 'people')).toBe('15');
  expect(cellWords(cell(null, 20), 'people')).toBe('held back');
  expect(cellWords(cell(90, 20), 'acts')).toBe('90, 4.5 a person');
  expect(cellWords(cell(90), 'acts')).toBe('90');
  expect(each(900, 20)).toBe('45');
});

it('says what was held back and why, and of whom nothing is shown', () => {
  expect(heldBack(table({}))).toEqual(['The figure is shown.']);
  expect(heldBack(table({ cells: [[cell(20)], [cell(30)]] }))).toEqual([
    'All 2 figures are shown.'
  ]);
  const cells = [[cell(null)], [cell(20)]];
  const youngest = {
    field: 'age_band',
    label: 'age',
    values: [{ value: '18', label: '18 to 24' }]
  };
  const columns = { ...youngest, adds: true };
  expect(heldBack(table({ rows: area, columns, cells, redacted: 1 }))).toEqual([
    '1 of 2 figures is held back: fewer than 8 people, or none, or it would give away another that is.',
    'Nothing can be shown of London.'
  ]);
  expect(
    heldBack(table({ cells: [[cell(null), cell(null)]], redacted: 2, count: 'acts' }))
  ).toEqual([
    '2 of 2 figures are held back: done by fewer than 10 people, or mostly by one or two, or it would give away another that is.'
  ]);
});

it('names the groups about whom the table says the same of everyone', () => {
  const found = table({
    rows: area,
    columns: { ...area, values: [wales] },
    flags: [
      { axis: 'row', index: 0, kind: 'all_in_one' },
      { axis: 'column', index: 0, kind: 'everyone' }
    ]
  });
  expect(flagWords(found)).toEqual([
    'London: only one figure is shown, and nearly everyone may be in it.',
    'Wales: nearly everyone in it is counted, so the table says the same of each of them.'
  ]);
  expect(flagWords({ ...found, columns: null })).toHaveLength(1);
  expect(flagWords(table({ flags: [{ axis: 'row', index: 0, kind: 'everyone' }] }))).toEqual([
    'All of them: nearly everyone in it is counted, so the table says the same of each of them.'
  ]);
});

it('writes a day without a time', () => {
  expect(day('2026-03-03')).toBe('3 March 2026');
});
