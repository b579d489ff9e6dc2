import { createContext } from 'svelte';

/**
 * What a page without a topic of its own does when everything is to be read anew: other people may
 * be seen from now on, or some no more.
 */
export class Renewals {
  #listeners = new Set<() => void>();

  on(renew: () => void): () => void {
    this.#listeners.add(renew);
    return () => this.#listeners.delete(renew);
  }

  tell(): void {
    for (const renew of [...this.#listeners]) renew();
  }
}

export const [getRenewals, setRenewals] = createContext<Renewals>();
