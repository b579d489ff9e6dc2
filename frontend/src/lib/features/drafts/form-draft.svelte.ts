import { Kept } from './kept.svelte.ts';
import { safeStorage } from './store.ts';

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
    this.words = { ...this.#start, ...fitting(this.#start, kept ?? {}) };
    this.wasKept = this.toKeep() !== null;
  }
}

/** Of what was kept, that which this form can hold: an older page may have kept another kind. */
function fitting<Words extends object>(start: Words, kept: Partial<Words>): Partial<Words> {
  const names = Object.keys(start) as (keyof Words)[];
  const found = names.filter((name) => {
    const value: unknown = kept[name];
    const began: unknown = start[name];
    if (began === null) return typeof value === 'string';
    return typeof value === typeof began && Array.isArray(value) === Array.isArray(began);
  });
  return Object.fromEntries(found.map((name) => [name, kept[name]])) as Partial<Words>;
}
