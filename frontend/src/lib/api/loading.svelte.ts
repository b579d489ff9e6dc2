import { onMount } from 'svelte';
import { Problem } from './problem';

/** What a part of a page shows: asked for as the page opens, and again after a change or a failure. */
export class Loading<Value> {
  /** As it was read last; it stays when a later reading fails. */
  value = $state.raw<Value | null>(null);
  problem = $state.raw<Problem | null>(null);

  #read: () => Promise<Value>;

  /** To be made while a component is set up. `first` is on its way already. */
  constructor(first: () => Promise<Value>, read: () => Promise<Value>) {
    this.#read = read;
    onMount(() => void this.#take(first()));
  }

  again = (): Promise<void> => this.#take(this.#read());

  async #take(from: Promise<Value>): Promise<void> {
    try {
      this.value = await from;
      this.problem = null;
    } catch (thrown) {
      this.problem = Problem.of(thrown);
    }
  }
}
