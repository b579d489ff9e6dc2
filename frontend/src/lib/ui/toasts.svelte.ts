import { createContext } from 'svelte';

export type Toast = { id: number; words: string };

/** Short words that something was done; they stay until read, about eight seconds, or put away. */
export class Toasts {
  items = $state<Toast[]>([]);
  #next = 0;

  say(words: string, seconds = 8): void {
    const id = this.#next++;
    this.items = [...this.items.slice(-1), { id, words }];
    setTimeout(() => this.dismiss(id), seconds * 1000);
  }

  dismiss(id: number): void {
    this.items = this.items.filter((item) => item.id !== id);
  }
}

export const [getToasts, setToasts] = createContext<Toasts>();
