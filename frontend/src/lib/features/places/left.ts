import { parse, type Store } from '#lib/features/drafts/store.ts';

/** How far down a page was read, and how much of each of its lists had been loaded. */
export type Left = { y: number; sizes: Record<string, number> };

const NAME = 'alongside:places';

/**
 * What of the places in this window's history outlives that a page is loaded whole, as by Help now
 * and by a reload: numbers alone, nothing that anyone wrote.
 */
export class LeftPlaces {
  #store: Store;
  #most: number;

  constructor(store: Store, most: number) {
    this.#store = store;
    this.#most = most;
  }

  leave(entry: string, left: Left): void {
    const { [entry]: _former, ...others } = this.#read();
    const kept = Object.entries(others).slice(1 - this.#most);
    this.#store.write(NAME, JSON.stringify(Object.fromEntries([...kept, [entry, left]])));
  }

  find(entry: string): Left | null {
    return this.#read()[entry] ?? null;
  }

  forget(): void {
    this.#store.remove(NAME);
  }

  #read(): Record<string, Left> {
    const all = Object.entries(parse(this.#store.read(NAME)) ?? {});
    return Object.fromEntries(all.filter((one): one is [string, Left] => isLeft(one[1])));
  }
}

function isLeft(found: unknown): found is Left {
  const { y, sizes } = (found ?? {}) as Partial<Left>;
  return (
    typeof y === 'number' &&
    typeof sizes === 'object' &&
    sizes !== null &&
    Object.values(sizes).every((size) => typeof size === 'number')
  );
}
