import { expect, test } from 'vitest';
import { newsHref } from './news-href.ts';

test('news leads to its post, in its thread, and nowhere when it cannot be seen', () => {
  expect(newsHref({ thread_id: 't', post_id: 't' })).toBe('/threads/t');
  expect(newsHref({ thread_id: 't', post_id: 'p' })).toBe('/threads/t#post-p');
  expect(newsHref({ thread_id: null, post_id: null })).toBe(null);
});
