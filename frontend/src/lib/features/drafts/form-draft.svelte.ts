import { Kept, safeStorage } from './kept.svelte.ts';

/** The words of one form, kept while they differ from what the form began with. */
export class FormDraft<Words extends object> extends Kept {
  words = $state() as Words;
  #start: Words;

  constructor(owner: string, place: string, start: Words, storage: Storage | null = safeStorage()) {
    super(owner, place, storage);
    this.#start = start;
    this.restore();
  }

  /** Done with these words; the form may begin with others from here on. */
  override clear(start: Words = this.#start): void {
    this.#start = start;
    super.clear();
  }

  protected toKeep(): Words | null {
    return JSON.stringify(this.words) === JSON.stringify(this.#start) ? null : this.words;
  }

  protected take(kept: Partial<Words> | null): void {
    this.words = { ...this.#start, ...kept };
    this.wasKept = this.toKeep() !== null;
  }
}
