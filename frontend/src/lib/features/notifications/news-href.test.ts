import { expect, test } from 'vitest';
import { newsHref } from './news-href.ts';

test('news leads to its post, in its thread, and nowhere when it cannot be seen', () => {
  expect(newsHref({ kind: 'reply', thread_id: 't', post_id: 't' })).toBe('/threads/t');
  expect(newsHref({ kind: 'reply', thread_id: 't', post_id: 'p' })).toBe('/threads/t#post-p');
  expect(newsHref({ kind: 'reply', thread_id: null, post_id: null })).toBe(null);
});

test('words from a moderator are read where they stand, and a lead is sent to the queue', () => {
  expect(newsHref({ kind: 'reach_out', thread_id: 't', post_id: 'p' })).toBe(null);
  expect(newsHref({ kind: 'hand_over', thread_id: null, post_id: null })).toContain('/moderation');
});
