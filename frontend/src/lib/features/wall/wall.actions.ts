import * as api from '#lib/api/index.ts';
import type { Intent } from '#lib/api/shapes.ts';
import { INTENTS } from '#lib/features/posts/names.ts';

export type Filter = { intent: Intent | null; unanswered: boolean };

export function filterFrom(search: URLSearchParams): Filter {
  const intent = INTENTS.find((each) => each.value === search.get('intent'))?.value ?? null;
  return { intent, unanswered: search.get('unanswered') === 'true' };
}

export function filterHref({ intent, unanswered }: Filter): string {
  const search = new URLSearchParams();
  if (intent) search.set('intent', intent);
  if (unanswered) search.set('unanswered', 'true');
  const query = search.toString();
  return query ? `/wall?${query}` : '/wall';
}

export const readWall = ({ intent, unanswered }: Filter, cursor: string | null) =>
  api.readWall({ query: { cursor, intent, unanswered } });

/** For good, on every device. */
export const closeWelcome = () => api.closeWelcome();

export const seeWall = (position: string) => api.markWallRead({ body: { position } });

/** At the end of the list; with a filter it is not the whole wall that ends. */
export function endWords({ intent }: Filter): string {
  return intent ? 'There are no more of these.' : 'That is everything, back to the beginning.';
}
