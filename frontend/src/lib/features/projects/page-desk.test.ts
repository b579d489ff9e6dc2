import { beforeEach, expect, it, vi } from 'vitest';
import { Problem } from '#lib/api/index.ts';
import { PageDesk } from './page-desk.svelte.ts';
import * as actions from './projects.actions.ts';
import type { ProjectPageRead } from './shapes.ts';

vi.mock('./projects.actions.ts');

const page = (version: number, about: string) =>
  ({ version, about, contact: 'The team', related: [] }) as unknown as ProjectPageRead;
const changed = new Problem({ type: 'project-page-changed', status: 409 });

beforeEach(() => {
  localStorage.clear();
  vi.resetAllMocks();
});

it('is saved without the empty lines of its list', async () => {
  const desk = new PageDesk('me', 's', page(0, ''));
  desk.draft.words.about = ' A study. ';
  desk.draft.words.related = [{ title: '', url: ' ' }];
  vi.mocked(actions.writePage).mockResolvedValue(page(1, 'A study.'));
  expect((await desk.save())?.version).toBe(1);
  expect(vi.mocked(actions.writePage).mock.calls[0]?.[1]).toEqual({
    based_on: 0,
    about: 'A study.',
    contact: 'The team',
    related: []
  });
  expect([desk.isChanged, localStorage.length]).toEqual([false, 0]);
});

it('keeps mine and shows theirs when someone else saved meanwhile', async () => {
  const desk = new PageDesk('me', 's', page(1, 'A study.'));
  desk.draft.words.about = 'Mine.';
  vi.mocked(actions.writePage).mockRejectedValueOnce(changed);
  vi.mocked(actions.readPage).mockResolvedValue(page(2, 'Theirs.'));
  expect(await desk.save()).toBe(null);
  expect([desk.draft.words.about, desk.other?.about]).toEqual(['Mine.', 'Theirs.']);
  vi.mocked(actions.writePage).mockResolvedValue(page(3, 'Mine.'));
  await desk.save();
  expect(vi.mocked(actions.writePage).mock.calls[1]?.[1].based_on).toBe(2);
  expect(desk.other).toBe(null);
});

it('notices after a reload that what was kept began on an older version', () => {
  const before = new PageDesk('me', 's', page(1, 'A study.'));
  before.draft.words.about = 'Mine.';
  before.draft.save();
  const desk = new PageDesk('me', 's', page(2, 'Theirs.'));
  expect([desk.draft.words.about, desk.other?.version]).toEqual(['Mine.', 2]);
});
