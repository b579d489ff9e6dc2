import * as api from '#lib/api/index.ts';
import type { ReactionKind } from '#lib/api/shapes.ts';
import type { Words } from './draft.svelte.ts';

/** An empty note is no note. */
function note({ about }: Words) {
  return about.trim() ? { about: about.trim() } : null;
}

function body(words: Words) {
  return { body: words.body, intent: words.intent, note: note(words) };
}

export const readPost = (post_id: string) => api.readPost({ path: { post_id } });

export const publish = (words: Words, key: string) =>
  api.publishPost({ body: body(words), headers: { 'idempotency-key': key } });

export const reply = (post_id: string, words: Words, key: string) =>
  api.replyToPost({
    path: { post_id },
    body: { body: words.body, note: note(words) },
    headers: { 'idempotency-key': key }
  });

export const edit = (post_id: string, words: Words) =>
  api.editPost({ path: { post_id }, body: body(words) });

export const takeBack = (post_id: string) => api.withdrawPost({ path: { post_id } });

export const react = (post_id: string, kind: ReactionKind, isGiven: boolean) => {
  const path = { post_id, kind };
  return isGiven ? api.giveReaction({ path }) : api.takeReactionBack({ path });
};

export const appeal = (post_id: string, words: string) =>
  api.appeal({ path: { post_id }, body: { words: words.trim() || null } });

/** For moderators: a case about what nobody has flagged, or the one that is open. */
export const openCase = (postId: string) => api.openCase({ body: { post_id: postId } });

/** After how many days what was taken back is erased. */
export const readCare = () => api.readCare();
