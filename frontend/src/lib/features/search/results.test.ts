import { expect, test } from 'vitest';
import type { FoundPage, FoundPost } from '#lib/api/shapes.ts';
import { post } from '#lib/features/posts/post.fixture.ts';
import { isFoundFarDown, SearchResults, withMarks } from './results.svelte.ts';

const found = (id: string, more: Partial<FoundPost> = {}): FoundPost => ({
  ...post(id),
  note_html: null,
  ...more
});
const rowan = post('a').author;

test('members come with the first page and stay while one reads on', async () => {
  const pages: FoundPage[] = [
    { items: [found('b')], next_cursor: 'b', members: [rowan], has_more_members: true },
    { items: [found('a')], next_cursor: null, members: [], has_more_members: false }
  ];
  const list = new SearchResults(() => Promise.resolve(pages.shift()!));
  await list.load();
  await list.more();
  expect(list.items.map(({ id }) => id)).toEqual(['b', 'a']);
  expect(list.members).toEqual([rowan]);
  expect(list.hasMoreMembers).toBe(true);
});

test('marks stay where the words are the same, and go with the words', () => {
  const before = found('a', {
    body_html: '<p>no <mark>sleep</mark></p>',
    note: { about: 'sleep', by: 'author' },
    note_html: '<mark>sleep</mark>'
  });
  const note = { about: 'sleep', by: 'author' as const };
  const reacted = withMarks(before, post('a', { body_html: '<p>no sleep</p>', note }));
  expect(reacted).toMatchObject({
    body_html: '<p>no <mark>sleep</mark></p>',
    note_html: '<mark>sleep</mark>'
  });
  const edited = withMarks(before, post('a', { body_html: '<p>tired</p>', note: null }));
  expect(edited).toMatchObject({ body_html: '<p>tired</p>', note_html: null });
});

test('a mark far down a long text is known', () => {
  expect(isFoundFarDown('<p>no <mark>sleep</mark></p>')).toBe(false);
  expect(isFoundFarDown(`<p>${'word '.repeat(200)}<mark>sleep</mark></p>`)).toBe(true);
  expect(isFoundFarDown('<p>nothing</p>')).toBe(false);
});
