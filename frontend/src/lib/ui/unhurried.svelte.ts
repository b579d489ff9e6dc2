/**
 * How much of a long list is drawn as its page opens: an item at a time, so that a slow phone
 * shows the first ones soon and answers in between. Whoever comes back to a list finds it whole, and
 * so their place. What comes once it is whole is drawn at once: someone asked for it.
 */
export class Unhurried {
  #drawn = $state(0);

  #length: () => number;

  /** To be made while a component is set up. */
  constructor(length: () => number, isBack: boolean) {
    this.#length = length;
    if (isBack) this.#drawn = Infinity;
    $effect(() => {
      if (this.isWhole) {
        if (length() > 0) this.#drawn = Infinity;
        return;
      }
      return inATaskOfItsOwn(() => (this.#drawn += 1));
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

/** After what the browser has to do first. A message, not a timer: those of a tab that is not looked
 * at are held back for a second each. */
function inATaskOfItsOwn(step: () => void): () => void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = step;
  port2.postMessage(null);
  return () => port1.close();
}
