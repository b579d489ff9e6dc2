import type { Post } from '#lib/api/shapes.ts';

/** In place of the author of what this person can't see any more. */
export const NOBODY = '00000000-0000-0000-0000-000000000000';

/** What stays on screen of a post that was taken back or hidden: its place, and nothing it said. */
export function gone(post: Post, state: 'withdrawn' | 'hidden'): Post {
  return { ...post, state, body_html: '', body_source: null, note: null, is_unseen: false };
}
