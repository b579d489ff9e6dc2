import { createContext, untrack } from 'svelte';
import { navigating } from '$app/state';

/** Pages of history whose lists are kept; the oldest goes first. */
const MOST = 30;

export type Place<List> = {
  list: List;
  /** Come back to by Back or Forward: what had been loaded stands here again. */
  isBack: boolean;
};

/**
 * Lists as they stood on the pages of this window's history, so that Back gives back what had been
 * loaded and with it the place. In memory alone: nothing anyone wrote is put into a store for it.
 */
export class Places {
  #kept = new Map<string, unknown>();
  #owner: string | null = null;

  /**
   * The list of a page, made anew unless one has come back to it. Lists of a room that stays while
   * pages in it change are `shared` by them.
   */
  at<List>(owner: string, name: string, make: () => List, shared = false): Place<List> {
    return untrack(() => {
      if (owner !== this.#owner) this.forget();
      this.#owner = owner;
      const key = shared ? name : `${name} ${entry()}`;
      const found = navigating.type === 'popstate' ? this.#kept.get(key) : undefined;
      const list = (found as List | undefined) ?? make();
      this.#kept.delete(key);
      this.#kept.set(key, list);
      const [oldest] = this.#kept.keys();
      if (this.#kept.size > MOST && oldest !== undefined) this.#kept.delete(oldest);
      return { list, isBack: found !== undefined };
    });
  }

  /** Signed out, or someone else now: nobody finds what another has read. */
  forget(): void {
    this.#kept.clear();
  }
}

/** Which page of the history this is; browsers without that knowledge go by the address. */
export function entry(): string {
  const { navigation } = globalThis as { navigation?: { currentEntry?: { key: string } | null } };
  return navigation?.currentEntry?.key ?? location.pathname + location.search;
}

export const [getPlaces, setPlaces] = createContext<Places>();
