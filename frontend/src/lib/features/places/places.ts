import { createContext, tick, untrack } from 'svelte';
import { navigating } from '$app/state';
import { safeSession, Store } from '#lib/features/drafts/store.ts';
import { LeftPlaces, type Left } from './left.ts';

/** Pages of history whose lists are kept; the oldest goes first. */
const MOST = 30;

/** A list that is read page by page. */
type Growing = {
  readonly size: number;
  readonly nextCursor: string | null;
  more(): Promise<void>;
};

/** Whose list it is: a page's of the history, or a room's that stays while pages in it change. */
type Kept = { name: string; at: string | null; list: unknown };

export type Place<List> = {
  list: List;
  /** Come back to by Back or Forward: what had been loaded stands here again. */
  isBack: boolean;
  /** Come back to where nothing was kept in memory: it is to be loaded as far as it was. */
  isLeft: boolean;
  /** Does so, once its first page is there. Whether it was left at all. */
  reach: () => Promise<boolean>;
};

/**
 * Lists as they stood on the pages of this window's history, so that Back gives back what had been
 * loaded and with it the place. In memory alone: nothing anyone wrote is put into a store for it.
 * After a page was loaded whole, as by Help now, as much is loaded as there was.
 */
export class Places {
  #kept = new Map<string, Kept>();
  #left = new LeftPlaces(new Store(safeSession()), MOST);
  #owner: string | null = null;
  /** The page that is shown. On Back the browser has turned to the other one before it is left. */
  #here: string | null = null;

  /**
   * The list of a page, made anew unless one has come back to it. Lists of a room that stays while
   * pages in it change are `shared` by them.
   */
  at<List>(owner: string, name: string, make: () => List, shared = false): Place<List> {
    return untrack(() => {
      if (this.#owner !== null && owner !== this.#owner) this.forget();
      this.#owner = owner;
      const at = shared ? null : entry();
      const key = `${name} ${at}`;
      const found = navigating.type === 'popstate' ? this.#kept.get(key)?.list : undefined;
      const list = (found as List | undefined) ?? make();
      this.#kept.delete(key);
      this.#kept.set(key, { name, at, list });
      const [oldest] = this.#kept.keys();
      if (this.#kept.size > MOST && oldest !== undefined) this.#kept.delete(oldest);
      const left = found === undefined && isReturn() ? this.#left.find(entry()) : null;
      return {
        list,
        isBack: found !== undefined,
        isLeft: left !== null,
        reach: () => reach(list, left, left?.sizes[name] ?? 0)
      };
    });
  }

  arrive(): void {
    this.#here = entry();
  }

  /** For another page of the history, or another site: how far this one was read. */
  leave(): void {
    const here = this.#here;
    if (here === null) return;
    const sizes: Left['sizes'] = {};
    for (const { name, at, list } of this.#kept.values())
      if ((at === null || at === here) && isGrowing(list)) sizes[name] = list.size;
    this.#left.leave(here, { y: scrollY, sizes });
  }

  /** Signed out, or someone else now: nobody finds what another has read. */
  forget(): void {
    this.#kept.clear();
    this.#left.forget();
  }
}

/** Which page of the history this is; browsers without that knowledge go by the address. */
export function entry(): string {
  const { navigation } = globalThis as { navigation?: { currentEntry?: { key: string } | null } };
  return navigation?.currentEntry?.key ?? location.pathname + location.search;
}

function isReturn(): boolean {
  if (navigating.type) return navigating.type === 'popstate';
  const [load] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  return load?.type === 'back_forward' || load?.type === 'reload';
}

/** Whoever has scrolled meanwhile stays where they are. */
async function reach(list: unknown, left: Left | null, size: number): Promise<boolean> {
  if (left === null) return false;
  const at = scrollY;
  let before = -1;
  while (isGrowing(list) && list.size < size && list.size > before && list.nextCursor !== null) {
    before = list.size;
    await list.more();
  }
  await tick();
  if (Math.abs(scrollY - at) < 2) scrollTo(0, left.y);
  return true;
}

function isGrowing(list: unknown): list is Growing {
  return typeof list === 'object' && list !== null && 'size' in list && 'more' in list;
}

export const [getPlaces, setPlaces] = createContext<Places>();
