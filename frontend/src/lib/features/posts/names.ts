import type { Intent, Post, ReactionKind } from '#lib/api/shapes.ts';

export const INTENTS: { value: Intent; label: string }[] = [
  { value: 'looking_for_support', label: 'Looking for support' },
  { value: 'saying_hello', label: 'Saying hello' },
  { value: 'seeking_suggestions', label: 'Seeking suggestions' },
  { value: 'sharing_a_little_win', label: 'Sharing a little win' }
];

/** `one` and `many` follow the names of those who gave it: "Rowan and Sky hear you". */
export const REACTIONS: { kind: ReactionKind; label: string; one: string; many: string }[] = [
  {
    kind: 'thinking_of_you',
    label: 'Thinking of you',
    one: 'is thinking of you',
    many: 'are thinking of you'
  },
  { kind: 'i_hear_you', label: 'I hear you', one: 'hears you', many: 'hear you' },
  { kind: 'i_like_this', label: 'I like this', one: 'likes this', many: 'like this' },
  {
    kind: 'this_helped_me',
    label: 'This helped me',
    one: 'says this helped',
    many: 'say this helped'
  }
];

/** Under a post that still waits for a reply: to others an invitation, to its author the truth. */
export function waitingWords({
  author,
  reply_count
}: Pick<Post, 'author' | 'reply_count'>): string {
  const nobody = reply_count > 0 ? 'No one else' : 'No one';
  return author.is_me
    ? `${nobody} has replied yet. People read here at all hours, so it may take a while.`
    : `${nobody} has replied yet. A few words are enough.`;
}

export function intentLabel(intent: Intent): string {
  return INTENTS.find((each) => each.value === intent)?.label ?? '';
}
