import { beforeEach, expect, it, vi } from 'vitest';
import { Problem } from '#lib/api/index.ts';
import * as actions from './editions.actions.ts';
import type { EditionText } from './shapes.ts';
import { TextDesk } from './text-desk.svelte.ts';

vi.mock('./editions.actions.ts');

const NAMES = ['first', 'last'];
const version = (number: number, first = '', last = '') =>
  ({ version: number, sections: { first, last }, versions: [] }) as unknown as EditionText;
const at = (newest: EditionText) => new TextDesk('me', 's', 'early_findings', NAMES, newest);
const changed = new Problem({ type: 'edition-text-changed', status: 409 });

beforeEach(() => {
  localStorage.clear();
  vi.resetAllMocks();
});

it('saves what was written as the next version, and keeps nothing after', async () => {
  const desk = at(version(1, 'One.'));
  desk.draft.words['in:last'] = 'End.';
  desk.draft.save();
  vi.mocked(actions.writeText).mockResolvedValue(version(2, 'One.', 'End.'));
  expect((await desk.save('d'))?.version).toBe(2);
  expect(vi.mocked(actions.writeText).mock.calls[0]?.[2]).toEqual({
    based_on: 1,
    sections: { first: 'One.', last: 'End.' },
    dataset_id: 'd'
  });
  expect([desk.isChanged, desk.draft.words.based_on]).toEqual([false, 2]);
  expect(localStorage).toHaveLength(0);
});

it('keeps what was written when saving it fails, through a reload too', async () => {
  const desk = at(version(1, 'One.'));
  desk.draft.words['in:last'] = 'End.';
  vi.mocked(actions.writeText).mockRejectedValue(new TypeError('offline'));
  expect(await desk.save('d')).toBe(null);
  expect(desk.act.problem?.isOffline).toBe(true);
  desk.draft.save();
  expect(at(version(1, 'One.')).sections).toEqual({ first: 'One.', last: 'End.' });
});

it('brings two texts together when someone else saved meanwhile', async () => {
  const desk = at(version(1, 'One.', 'End.'));
  desk.draft.words['in:first'] = 'One, by me.';
  desk.draft.words['in:last'] = 'End, by me.';
  vi.mocked(actions.writeText).mockRejectedValueOnce(changed);
  vi.mocked(actions.readText).mockResolvedValue(version(2, 'One.', 'End, by them.'));
  vi.mocked(actions.readVersion).mockResolvedValue(version(1, 'One.', 'End.'));
  expect(await desk.save('d')).toBe(null);
  expect(desk.sections).toEqual({ first: 'One, by me.', last: 'End, by me.' });
  expect([desk.both, desk.other?.version]).toEqual([['last'], 2]);
  vi.mocked(actions.writeText).mockResolvedValue(version(3, 'One, by me.', 'End, by me.'));
  expect((await desk.save('d'))?.version).toBe(3);
  expect(vi.mocked(actions.writeText).mock.calls[1]?.[2].based_on).toBe(2);
  expect([desk.both, desk.other]).toEqual([[], null]);
});

it('takes what it finds saved already as its own, when the answer was lost', async () => {
  const desk = at(version(1));
  desk.draft.words['in:first'] = 'One.';
  vi.mocked(actions.writeText).mockRejectedValueOnce(changed);
  vi.mocked(actions.readText).mockResolvedValue(version(2, 'One.'));
  expect((await desk.save('d'))?.version).toBe(2);
  expect([desk.isChanged, desk.other]).toEqual([false, null]);
});

it('loses nothing when the other version can not be read', async () => {
  const desk = at(version(1));
  desk.draft.words['in:first'] = 'One.';
  vi.mocked(actions.writeText).mockRejectedValueOnce(changed);
  vi.mocked(actions.readText).mockRejectedValue(new TypeError('offline'));
  expect(await desk.save('d')).toBe(null);
  expect([desk.sections.first, desk.act.problem?.isOffline]).toEqual(['One.', true]);
});

it('notices after a reload that what was kept began on an older version', async () => {
  const before = at(version(1, 'One.'));
  before.draft.words['in:last'] = 'End.';
  before.draft.save();
  vi.mocked(actions.readVersion).mockResolvedValue(version(1, 'One.'));
  const desk = at(version(2, 'One, by them.'));
  await desk.catchUp();
  expect(desk.sections).toEqual({ first: 'One, by them.', last: 'End.' });
  expect([desk.other?.version, desk.both]).toEqual([2, []]);
});

it('writes on from an earlier version, and brings back what was put aside', () => {
  const desk = at(version(2, 'Two.'));
  desk.draft.words['in:first'] = 'Half a thought.';
  desk.writeOnFrom(version(1, 'One.'));
  expect([desk.sections.first, desk.draft.words.based_on]).toEqual(['One.', 2]);
  desk.draft.bringBack();
  expect(desk.sections.first).toBe('Half a thought.');
});
