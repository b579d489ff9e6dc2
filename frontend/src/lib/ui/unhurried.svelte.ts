const AT_A_TIME = 2;

/**
 * How much of a long list is drawn: a few items at a time, so that a slow phone shows the first ones
 * soon and answers in between. Whoever comes back to a list finds it whole, and so their place.
 */
export class Unhurried {
  #drawn = $state(0);

  #length: () => number;

  /** To be made while a component is set up. */
  constructor(length: () => number, isBack: boolean) {
    this.#length = length;
    if (isBack) this.#drawn = Infinity;
    $effect(() => {
      if (this.isWhole) return;
      const timer = setTimeout(() => (this.#drawn += AT_A_TIME));
      return () => clearTimeout(timer);
    });
  }

  /** What stands below the list waits until then: it would move away from a finger. */
  get isWhole(): boolean {
    return this.#drawn >= this.#length();
  }

  of<Item>(items: Item[]): Item[] {
    return this.#drawn < items.length ? items.slice(0, this.#drawn) : items;
  }
}
