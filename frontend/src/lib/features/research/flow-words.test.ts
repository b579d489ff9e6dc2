import { expect, it } from 'vitest';
import { followedWaves, followUpWords, rowsOf, stepsOf } from './flow-words.ts';
import type { FlowRead, WaveFlowRead } from './shapes.ts';

const wave = (more: Partial<WaveFlowRead> = {}): WaveFlowRead => ({
  wave: 2,
  title: 'After 3 months',
  asked: 60,
  done: 30,
  late: null,
  declined: 10,
  begun: null,
  silent: 15,
  followed_of: 50,
  followed: 30,
  follow_up: 60,
  ...more
});
const flow: FlowRead = {
  invited: 400,
  looked: 120,
  joined: 70,
  agreed: 60,
  stopped: null,
  erased: null,
  waves: [wave({ wave: 1, title: 'Baseline', done: 50 }), wave()]
};

it('goes from invited to the last wave', () => {
  expect(stepsOf(flow).map(({ label, people }) => [label, people])).toEqual([
    ['Invited: it was shown to them', 400],
    ['Looked at the study', 120],
    ['Joined', 70],
    ['Agreed to questionnaires', 60],
    ['Baseline: handed in', 50],
    ['After 3 months: handed in', 30]
  ]);
});

it('puts beside the arrows who left, and nobody who was only asked or late', () => {
  expect(stepsOf(flow).map(({ left }) => left?.counts.map(({ label }) => label))).toEqual([
    undefined,
    undefined,
    undefined,
    ['Stopped', 'Had everything erased'],
    ['Said “not this time”', 'Began and did not hand in', 'Did not answer in its time'],
    ['Said “not this time”', 'Began and did not hand in', 'Did not answer in its time']
  ]);
  expect(stepsOf(flow).at(-1)?.details).toEqual([
    { label: 'Asked', people: 60 },
    { label: 'Of those handed in, late', people: null }
  ]);
});

it('tells each number of the drawing in a table, under a name of its own', () => {
  const rows = rowsOf(stepsOf(flow));
  expect(rows).toHaveLength(18);
  expect(new Set(rows.map(({ label }) => label)).size).toBe(18);
  expect(rows).toContainEqual({
    label: 'After 3 months: not handed in. Did not answer in its time',
    people: 15
  });
});

it('says follow-up for every wave after the first, with what it is of', () => {
  expect(followedWaves(flow).map(followUpWords)).toEqual([
    'After 3 months: 60%. That is 30 to 34 of 50 to 54 people who handed in the first wave and whose time for this one is over.'
  ]);
  expect(followUpWords(wave({ followed_of: null }))).toBe('After 3 months: too few to tell yet.');
  expect(followUpWords(wave({ followed: null, follow_up: null }))).toContain('fewer than 10 of 50');
});
