import { expect, it, vi } from 'vitest';
import { Problem } from '#lib/api/problem.ts';
import { post } from '#lib/features/posts/post.fixture.ts';
import { ThreadView } from './thread-view.svelte.ts';

const arrived = (post_id: string) => ({
  type: 'post.published' as const,
  position: '2-1',
  topics: ['thread:root'],
  post_id,
  thread_id: 'root',
  parent_id: 'root',
  intent: null
});

function setUp(nextCursor: string | null = null) {
  const readThread = vi.fn(async (_: string, cursor: string | null = null) => ({
    post: post('root'),
    replies: {
      items: [post(cursor ? 'r2' : 'r1', { parent_id: 'root' })],
      next_cursor: cursor ? null : nextCursor
    },
    position: '1-1',
    read_until: null
  }));
  const readPost = vi.fn(async (id: string) => post(id, { parent_id: 'root' }));
  const view = new ThreadView('root', { readThread, readPost });
  const ids = () => view.replies.map((each) => each.id);
  return { view, readThread, readPost, ids };
}

it('keeps new replies waiting until they are asked for, then puts them below', async () => {
  const { view, ids } = setUp();
  await view.load();
  view.handlers['post.published']?.(arrived('n1'));
  view.handlers['post.published']?.(arrived('n2'));
  expect(ids()).toEqual(['r1']);
  const first = await view.showWaiting();
  expect(first?.id).toBe('n1');
  expect(ids()).toEqual(['r1', 'n1', 'n2']);
  expect(view.waiting).toEqual([]);
});

it('shows one’s own reply once, whether the answer or the frame comes first', async () => {
  const { view, ids } = setUp();
  await view.load();
  view.handlers['post.published']?.(arrived('mine'));
  view.add(post('mine', { parent_id: 'root' }));
  view.handlers['post.published']?.(arrived('mine'));
  expect(ids()).toEqual(['r1', 'mine']);
  expect(view.waiting).toEqual([]);
});

it('folds the whole thread when its post is hidden from this person', async () => {
  const { view, readThread, readPost, ids } = setUp('cursor');
  await view.load();
  const hidden = () => Promise.reject(new Problem({ status: 404, type: 'post-not-found' }));
  readPost.mockImplementation(hidden);
  readThread.mockImplementation(hidden);
  view.handlers['post.hidden']?.({ ...arrived('root'), type: 'post.hidden' });
  await vi.waitFor(() => expect(ids()).toEqual([]));
  expect(view.post).toMatchObject({ state: 'hidden', body_html: '' });
  expect(view.nextCursor).toBeNull();
  expect(view.state).toBe('ready');
});

it('leaves new replies to the next page while there is one', async () => {
  const { view, ids } = setUp('cursor');
  await view.load();
  view.handlers['post.published']?.(arrived('n1'));
  expect(view.waiting).toEqual([]);
  await view.more();
  expect(ids()).toEqual(['r1', 'r2']);
});

it('is not here any more when all is read anew and it can not be read', async () => {
  const { view, readThread } = setUp();
  await view.load();
  const missing = new Problem({ status: 404, type: 'post-not-found' });
  readThread.mockImplementation(() => Promise.reject(missing));
  await view.again();
  expect(view.state).toBe('failed');
  expect(view.problem?.status).toBe(404);
  expect([view.post, view.replies, view.waiting]).toEqual([null, [], []]);
});

it('passes over a reply that was hidden before it could be read', async () => {
  const { view, readPost, ids } = setUp();
  await view.load();
  view.handlers['post.published']?.(arrived('gone'));
  readPost.mockRejectedValueOnce(new Problem({ status: 404 }));
  await view.showWaiting();
  expect(ids()).toEqual(['r1']);
  expect(view.waiting).toEqual([]);
});

it('keeps replies waiting when they could not be read', async () => {
  const { view, readPost } = setUp();
  await view.load();
  view.handlers['post.published']?.(arrived('n1'));
  readPost.mockRejectedValueOnce(new TypeError('Failed to fetch'));
  await view.showWaiting();
  expect(view.waiting).toEqual(['n1']);
  expect(view.problem?.isOffline).toBe(true);
});

it('puts pages that are fetched later above one’s own reply, and has seen none of them before', async () => {
  const { view, ids } = setUp('cursor');
  await view.load();
  view.add(post('mine', { parent_id: 'root' }));
  expect(ids()).toEqual(['r1', 'mine']);
  expect(view.lastInOrder?.id).toBe('r1');
  await view.more();
  expect(ids()).toEqual(['r1', 'r2', 'mine']);
});

it('reads on until a reply that was linked to is there', async () => {
  const { view, ids } = setUp('cursor');
  await view.load();
  await view.reach('r2');
  expect(ids()).toEqual(['r1', 'r2']);
  await view.reach('never');
  expect(ids()).toEqual(['r1', 'r2']);
});

it('reads as much anew as was on screen', async () => {
  const { view, ids } = setUp('cursor');
  await view.load();
  await view.more();
  await view.load();
  expect(ids()).toEqual(['r1', 'r2']);
});

it('keeps one’s own reply that was sent while the thread was read anew', async () => {
  const { view, ids } = setUp();
  await view.load();
  const again = view.load();
  view.add(post('mine', { parent_id: 'root' }));
  await again;
  expect(ids()).toEqual(['r1', 'mine']);
});
