import { expect, test, vi } from 'vitest';
import type { Notification, Page } from '#lib/api/shapes.ts';
import { News } from './news.svelte.ts';

function item(id: string, is_read = true): Notification {
  return {
    id,
    kind: 'reply',
    post_id: null,
    thread_id: null,
    text: id,
    what: id,
    reason: null,
    acts: [],
    lines: [],
    about: null,
    excerpt: null,
    note: null,
    created_at: '2026-11-24T09:00:00Z',
    is_read
  };
}

function newsOf(...pages: (Page<Notification> | Error)[]) {
  const seeNews = vi.fn(() => Promise.resolve());
  const readNews = () => {
    const next = pages.shift();
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(next!);
  };
  return { news: new News({ readNews, seeNews }), seeNews };
}

const ids = (news: News) => news.items.map(({ id }) => id);

test('what is new comes on top, and older news that was opened stays open', async () => {
  const { news } = newsOf(
    { items: [item('d'), item('c')], next_cursor: 'after c' },
    { items: [item('b'), item('a')], next_cursor: null },
    { items: [item('e', false), item('d')], next_cursor: 'after d' }
  );
  await news.refresh();
  await news.more();
  await news.refresh();
  expect(ids(news)).toEqual(['e', 'd', 'c', 'b', 'a']);
  expect(news.nextCursor).toBe(null);
});

test('more news than a page since then begins anew, with no gap', async () => {
  const { news } = newsOf(
    { items: [item('b'), item('a')], next_cursor: null },
    { items: [item('f'), item('e')], next_cursor: 'after e' }
  );
  await news.refresh();
  await news.refresh();
  expect(ids(news)).toEqual(['f', 'e']);
  expect(news.nextCursor).toBe('after e');
});

test('a failure keeps what was there and says so', async () => {
  const { news } = newsOf(
    { items: [item('b')], next_cursor: 'after b' },
    new TypeError('Failed to fetch')
  );
  await news.refresh();
  await news.more();
  expect(ids(news)).toEqual(['b']);
  expect(news.problem).not.toBe(null);
  expect(news.state).toBe('ready');
});

test('the server hears of the newest, only when something is new', async () => {
  const { news, seeNews } = newsOf({ items: [item('b', false), item('a')], next_cursor: null });
  await news.refresh();
  await news.markRead();
  expect(seeNews).toHaveBeenCalledWith('b');
  news.settle();
  await news.markRead();
  expect(seeNews).toHaveBeenCalledTimes(1);
});
