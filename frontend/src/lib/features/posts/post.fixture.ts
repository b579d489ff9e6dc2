import type { Post } from '#lib/api/shapes.ts';

/** A post for tests, with what matters to the test on top. */
export function post(id: string, more: Partial<Post> = {}): Post {
  return {
    id,
    thread_id: more.parent_id ? 'root' : id,
    parent_id: null,
    author: { id: 'rowan', display_name: 'Rowan', is_new: false, is_me: false, staff_role: null },
    intent: null,
    note: null,
    body_html: '<p>Hello</p>',
    body_source: null,
    revision: 1,
    created_at: '2026-11-24T09:00:00Z',
    edited_at: null,
    state: 'visible',
    reply_count: 0,
    is_answered: false,
    reactions: { given: [], mine: [], names: null, more: null },
    unread_replies: false,
    is_unseen: false,
    hidden_reason: null,
    ...more
  };
}
