import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Problem } from '#lib/api/problem.ts';
import type { Post, WallPage } from '#lib/api/shapes.ts';
import { post } from '#lib/features/posts/post.fixture.ts';
import type { EventFrame } from '#lib/realtime/events.ts';
import { WallFeed } from './wall-feed.svelte.ts';
import type { Filter } from './wall.actions.ts';

const published = (post_id: string, more: Partial<EventFrame<'post.published'>> = {}) => ({
  type: 'post.published' as const,
  position: '1-1',
  topics: ['wall'],
  post_id,
  thread_id: post_id,
  parent_id: null,
  intent: null,
  ...more
});
const about = (type: 'post.withdrawn' | 'post.hidden' | 'reaction.given', post_id: string) =>
  ({ type, position: '1-2', topics: ['wall'], post_id, thread_id: post_id }) as never;

function setUp(filter: Filter = { intent: null, unanswered: false }) {
  const stored: Post[] = [post('b'), post('a')];
  const page = (from = 0): WallPage => ({
    items: stored.slice(from, from + 2),
    next_cursor: stored.length > from + 2 ? String(from + 2) : null,
    position: '1-0',
    read_until: null,
    waiting_here: 0,
    waiting_count: 0
  });
  const readWall = vi.fn(async (_: Filter, cursor: string | null) => page(Number(cursor ?? 0)));
  const readPost = vi.fn(async (id: string) => {
    return { ...(stored.find((each) => each.id === id) as Post), reply_count: 7 };
  });
  const feed = new WallFeed(filter, { readWall, readPost });
  const ids = () => feed.posts.map((each) => each.id);
  return { feed, stored, readWall, readPost, ids };
}

describe('WallFeed', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('keeps new posts waiting until they are asked for', async () => {
    const { feed, stored, ids } = setUp();
    await feed.load();
    stored.unshift(post('c'));
    feed.handlers['post.published']?.(published('c'));
    feed.handlers['post.published']?.(published('c'));
    expect(ids()).toEqual(['b', 'a']);
    expect(feed.waiting).toEqual(['c']);
    const newest = await feed.showWaiting();
    expect(newest?.id).toBe('c');
    expect(ids()).toEqual(['c', 'b', 'a']);
    expect(feed.waiting).toEqual([]);
  });

  it('starts anew from the top when more arrived than one page holds', async () => {
    const { feed, stored, ids } = setUp();
    await feed.load();
    for (const id of ['c', 'd', 'e']) {
      stored.unshift(post(id));
      feed.handlers['post.published']?.(published(id));
    }
    await feed.showWaiting();
    expect(ids()).toEqual(['e', 'd']);
    expect(feed.nextCursor).toBe('2');
    await feed.more();
    expect(ids()).toEqual(['e', 'd', 'c', 'b']);
  });

  it('lets only the chosen intent wait', async () => {
    const { feed } = setUp({ intent: 'saying_hello', unanswered: false });
    await feed.load();
    feed.handlers['post.published']?.(published('c', { intent: 'looking_for_support' }));
    expect(feed.waiting).toEqual([]);
    feed.handlers['post.published']?.(published('d', { intent: 'saying_hello' }));
    expect(feed.waiting).toEqual(['d']);
  });

  it('reads a changed post once for many events, and changes it in its place', async () => {
    const { feed, readPost, ids } = setUp();
    await feed.load();
    for (let at = 0; at < 5; at++) feed.handlers['reaction.given']?.(about('reaction.given', 'a'));
    feed.handlers['reaction.given']?.(about('reaction.given', 'not-on-screen'));
    await vi.advanceTimersByTimeAsync(200);
    expect(readPost.mock.calls).toEqual([['a']]);
    expect(ids()).toEqual(['b', 'a']);
    expect(feed.posts[1]?.reply_count).toBe(7);
  });

  it('reads the root of a thread anew when a reply arrives', async () => {
    const { feed, readPost } = setUp();
    await feed.load();
    feed.handlers['post.published']?.(published('r', { parent_id: 'a', thread_id: 'a' }));
    await vi.advanceTimersByTimeAsync(200);
    expect(readPost.mock.calls).toEqual([['a']]);
    expect(feed.waiting).toEqual([]);
  });

  it('forgets a waiting post that was taken back before anyone saw it', async () => {
    const { feed } = setUp();
    await feed.load();
    feed.handlers['post.published']?.(published('c'));
    feed.handlers['post.withdrawn']?.(about('post.withdrawn', 'c'));
    expect(feed.waiting).toEqual([]);
  });

  it('fades in its place what was taken back, or hidden from this reader', async () => {
    const { feed, readPost, ids } = setUp();
    await feed.load();
    feed.handlers['post.withdrawn']?.(about('post.withdrawn', 'a'));
    expect(feed.posts[1]).toMatchObject({ id: 'a', state: 'withdrawn', body_html: '' });
    readPost.mockRejectedValueOnce(new Problem({ status: 404 }));
    feed.handlers['post.hidden']?.(about('post.hidden', 'b'));
    await vi.advanceTimersByTimeAsync(200);
    expect(feed.posts[0]).toMatchObject({ id: 'b', state: 'hidden', body_html: '' });
    expect(ids()).toEqual(['b', 'a']);
  });

  it('keeps what is on screen when older posts fail to load', async () => {
    const { feed, readWall, stored, ids } = setUp();
    stored.push(post('z'));
    await feed.load();
    readWall.mockRejectedValueOnce(new TypeError('Failed to fetch'));
    await feed.more();
    expect(ids()).toEqual(['b', 'a']);
    expect(feed.problem?.isOffline).toBe(true);
    await feed.more();
    expect(ids()).toEqual(['b', 'a', 'z']);
    expect(feed.problem).toBeNull();
  });

  it('says so when nothing could be loaded', async () => {
    const { feed, readWall } = setUp();
    readWall.mockRejectedValueOnce(new TypeError('Failed to fetch'));
    await feed.load();
    expect(feed.state).toBe('failed');
    await feed.load();
    expect(feed.state).toBe('ready');
  });

  it('keeps what arrives while everything is read anew', async () => {
    const { feed, stored, readWall } = setUp();
    await feed.load();
    feed.handlers['post.published']?.(published('c'));
    stored.unshift(post('c'));
    const read = readWall.getMockImplementation()!;
    readWall.mockImplementationOnce(async (...asked) => {
      const page = await read(...asked);
      feed.handlers['post.published']?.(published('d'));
      return page;
    });
    await feed.load();
    expect(feed.waiting).toEqual(['d']);
  });

  it('leaves everyone where they are after a gap, and lets what is new wait', async () => {
    const { feed, stored, readPost, ids } = setUp();
    stored.push(post('z'), post('y'));
    await feed.load();
    await feed.more();
    expect(ids()).toEqual(['b', 'a', 'z', 'y']);
    stored.unshift(post('c'));
    await feed.refresh();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(ids()).toEqual(['b', 'a', 'z', 'y']);
    expect(feed.waiting).toEqual(['c']);
    expect(readPost.mock.calls.map(([id]) => id)).toEqual(['a', 'z', 'y']);
  });

  it('drops what this person may not see any more when all is read anew', async () => {
    const { feed, stored, readPost, ids } = setUp();
    stored.push(post('z'), post('y'));
    await feed.load();
    await feed.more();
    feed.handlers['post.published']?.(published('c'));
    expect(feed.waiting).toEqual(['c']);
    stored.splice(0, 4, post('a'), post('y'), post('x'));
    readPost.mockImplementation(async (id) => {
      const found = stored.find((each) => each.id === id);
      if (!found) throw new Problem({ status: 404, type: 'post-not-found' });
      return found;
    });
    await feed.refresh();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(ids()).toEqual(['a', 'y']);
    expect(feed.waiting).toEqual([]);
    // What moved up on the first page is not new.
    stored.splice(1, 1);
    await feed.refresh();
    expect(feed.waiting).toEqual([]);
    stored.unshift(post('d'));
    feed.handlers['post.published']?.(published('d'));
    await feed.showWaiting();
    expect(ids()).toEqual(['d', 'a', 'y']);
  });

  it('has seen only what was on screen, not what stands on a page never asked for', async () => {
    const { feed, stored } = setUp();
    stored.splice(0, 2, ...['d', 'c', 'b', 'a'].map((id) => post(id, { is_unseen: id > 'a' })));
    await feed.load();
    expect(feed.readUntil).toBeNull();
    await feed.more();
    expect(feed.readUntil).toBe('1-0');
  });

  describe('with the unanswered first', () => {
    const filter: Filter = { intent: null, unanswered: true };

    /** Those that wait, the longest first, and then the rest. */
    function setUpUnanswered(waiting: string[], rest: string[], next: string | null = null) {
      const all = setUp(filter);
      all.readWall.mockImplementation(async () => ({
        items: [...waiting, ...rest].map((id) => post(id, { is_answered: rest.includes(id) })),
        next_cursor: next,
        position: '1-0',
        read_until: null,
        waiting_here: waiting.length,
        waiting_count: null
      }));
      return all;
    }

    it('puts a new post after those that wait already, and not on top', async () => {
      const { feed, stored, ids } = setUpUnanswered(['a', 'b'], ['y', 'x']);
      await feed.load();
      stored.unshift(post('c'));
      feed.handlers['post.published']?.(published('c'));
      expect(ids()).toEqual(['a', 'b', 'y', 'x']);
      expect(feed.waiting).toEqual(['c']);
      expect((await feed.showWaiting())?.id).toBe('c');
      expect(ids()).toEqual(['a', 'b', 'c', 'y', 'x']);
      expect(feed.waiting).toEqual([]);
    });

    it('says nothing of a new post while others that wait are on pages not asked for', async () => {
      const { feed } = setUpUnanswered(['a', 'b'], [], 'after b');
      await feed.load();
      feed.handlers['post.published']?.(published('c'));
      expect(feed.waiting).toEqual([]);
    });

    it('leaves a post in its place when its first reply comes', async () => {
      const { feed, readPost, ids } = setUpUnanswered(['a', 'b'], ['y']);
      await feed.load();
      readPost.mockImplementation(async (id) => post(id, { is_answered: true, reply_count: 1 }));
      feed.handlers['post.published']?.(published('r', { parent_id: 'a', thread_id: 'a' }));
      await vi.advanceTimersByTimeAsync(200);
      expect(ids()).toEqual(['a', 'b', 'y']);
      expect(feed.posts[0]?.is_answered).toBe(true);
      expect(feed.posts.map((each) => feed.standsUnanswered(each))).toEqual([true, true, false]);
    });

    it('passes over a new post that was hidden before it was asked for', async () => {
      const { feed, readPost, ids } = setUpUnanswered(['a'], ['y']);
      await feed.load();
      feed.handlers['post.published']?.(published('c'));
      readPost.mockRejectedValueOnce(new Problem({ status: 404 }));
      expect(await feed.showWaiting()).toBeUndefined();
      expect(ids()).toEqual(['a', 'y']);
      expect(feed.waiting).toEqual([]);
    });
  });
});
