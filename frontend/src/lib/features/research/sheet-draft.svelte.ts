import { Store } from '#lib/features/drafts/store.ts';

type Sheet = { body: string; coversActs: boolean };

const PREFIX = 'alongside:sheet:';
const ACTS = ':acts';
const SAVE_AFTER_MS = 400;

/** A sheet being written, kept on this device until it is published; it starts from what stands. */
export class SheetDraft {
  body = $state('');
  /** Whether rows of single acts may leave: the published sheet then says so in fixed words. */
  coversActs = $state(false);
  #name: string;
  #from = $state<Sheet>({ body: '', coversActs: false });
  /** Words from an earlier visit were found. */
  wasKept = $state(false);
  /** What was half written when another version was written on from. */
  replaced = $state.raw<Sheet | null>(null);
  #store: Store;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    owner: string,
    studyId: string,
    body: string,
    coversActs: boolean,
    storage: Storage | null
  ) {
    this.#name = `${PREFIX}${owner}:${studyId}`;
    this.#from = { body, coversActs };
    this.#store = new Store(storage);
    const kept = this.#store.read(this.#name + ACTS);
    this.body = this.#store.read(this.#name) ?? body;
    this.coversActs = kept === null ? coversActs : kept === 'yes';
    this.wasKept = this.isChanged;
  }

  get isChanged(): boolean {
    const isOther =
      this.body.trim() !== this.#from.body.trim() || this.coversActs !== this.#from.coversActs;
    return isOther && this.body.trim() !== '';
  }

  saveSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.save(), SAVE_AFTER_MS);
  }

  save(): void {
    clearTimeout(this.#timer);
    if (this.isChanged) {
      this.#store.write(this.#name, this.body);
      this.#store.write(this.#name + ACTS, this.coversActs ? 'yes' : 'no');
    } else {
      this.#store.remove(this.#name);
      this.#store.remove(this.#name + ACTS);
    }
  }

  /** Whether this device took the words: a private window may keep nothing. */
  isKept(): boolean {
    this.save();
    return this.#store.read(this.#name) === this.body;
  }

  /** What is published now stands: the next draft starts from it. */
  published(body: string, coversActs: boolean): void {
    this.#from = { body, coversActs };
    this.#put({ body, coversActs });
    this.replaced = null;
    this.wasKept = false;
  }

  /** Another text in place of this one, which is put aside if it would be lost. */
  startFrom(body: string, coversActs: boolean): void {
    const before = this.isChanged ? { body: this.body, coversActs: this.coversActs } : null;
    this.#put({ body, coversActs });
    this.replaced = before;
  }

  /** Begin with the version in force. */
  startAgain(): void {
    this.startFrom(this.#from.body, this.#from.coversActs);
  }

  bringBack(): void {
    if (this.replaced) this.startFrom(this.replaced.body, this.replaced.coversActs);
  }

  #put({ body, coversActs }: Sheet): void {
    this.body = body;
    this.coversActs = coversActs;
    this.save();
    this.wasKept = this.isChanged;
  }
}
