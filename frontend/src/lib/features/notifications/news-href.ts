import type { Notification } from '#lib/api/shapes.ts';

/** Where a piece of news leads: the post itself, in its thread. Nowhere when it can't be seen. */
export function newsHref({
  kind,
  thread_id,
  post_id
}: Pick<Notification, 'kind' | 'thread_id' | 'post_id'>): string | null {
  if (kind === 'hand_over') return '/moderation?show=lead';
  // Words from a moderator are read here, with where help is; not a way to somewhere else.
  if (kind === 'reach_out' || !thread_id) return null;
  const isReply = post_id && post_id !== thread_id;
  return `/threads/${thread_id}${isReply ? `#post-${post_id}` : ''}`;
}
