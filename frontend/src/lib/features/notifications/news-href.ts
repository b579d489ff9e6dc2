import type { Notification } from '#lib/api/shapes.ts';

/** Where a piece of news leads: the post itself, in its thread. Nowhere when it can't be seen. */
export function newsHref({
  thread_id,
  post_id
}: Pick<Notification, 'thread_id' | 'post_id'>): string | null {
  if (!thread_id) return null;
  const isReply = post_id && post_id !== thread_id;
  return `/threads/${thread_id}${isReply ? `#post-${post_id}` : ''}`;
}
