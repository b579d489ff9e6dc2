import { safeSession, Store } from '#lib/features/drafts/store.ts';

/** Where a name and an address are kept while someone joins. */
export const JOINING = { owner: 'nobody', place: 'join' };
export const JOINING_KEY = `alongside:draft:${JOINING.owner}:${JOINING.place}`;

/** Who leaves quickly leaves no address behind. */
export function forgetJoining(): void {
  new Store(safeSession()).remove(JOINING_KEY);
}
