import { Store } from '#lib/features/drafts/store.ts';

/** Of what the sheet says, in fixed words of ours, that it may leave under an agreement. */
export type Covers = { acts: boolean; answers: boolean };
export type WrittenSheet = { body: string; covers: Covers };

const PREFIX = 'alongside:sheet:';
const ACTS = ':acts';
const ANSWERS = ':answers';
const SAVE_AFTER_MS = 400;

/** A sheet being written, kept on this device until it is published; it starts from what stands. */
export class SheetDraft {
  body = $state('');
  covers = $state<Covers>({ acts: false, answers: false });
  #name: string;
  #from = $state<WrittenSheet>({ body: '', covers: { acts: false, answers: false } });
  /** Words from an earlier visit were found. */
  wasKept = $state(false);
  /** What was half written when another version was written on from. */
  replaced = $state.raw<WrittenSheet | null>(null);
  #store: Store;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(owner: string, studyId: string, inForce: WrittenSheet, storage: Storage | null) {
    this.#name = `${PREFIX}${owner}:${studyId}`;
    this.#from = inForce;
    this.#store = new Store(storage);
    this.body = this.#store.read(this.#name) ?? inForce.body;
    this.covers = {
      acts: this.#kept(ACTS) ?? inForce.covers.acts,
      answers: this.#kept(ANSWERS) ?? inForce.covers.answers
    };
    this.wasKept = this.isChanged;
  }

  /** As it would be published now. */
  get written(): WrittenSheet {
    return { body: this.body, covers: { ...this.covers } };
  }

  get isChanged(): boolean {
    const { body, covers } = this.#from;
    const isOther =
      this.body.trim() !== body.trim() ||
      this.covers.acts !== covers.acts ||
      this.covers.answers !== covers.answers;
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
      this.#store.write(this.#name + ACTS, this.covers.acts ? 'yes' : 'no');
      this.#store.write(this.#name + ANSWERS, this.covers.answers ? 'yes' : 'no');
    } else {
      this.#store.remove(this.#name);
      this.#store.remove(this.#name + ACTS);
      this.#store.remove(this.#name + ANSWERS);
    }
  }

  /** Whether this device took the words: a private window may keep nothing. */
  isKept(): boolean {
    this.save();
    return this.#store.read(this.#name) === this.body;
  }

  /** What is published now stands: the next draft starts from it. */
  published(sheet: WrittenSheet): void {
    this.#from = sheet;
    this.#put(sheet);
    this.replaced = null;
    this.wasKept = false;
  }

  /** Another text in place of this one, which is put aside if it would be lost. */
  startFrom(sheet: WrittenSheet): void {
    const before = this.isChanged ? this.written : null;
    this.#put(sheet);
    this.replaced = before;
  }

  /** Begin with the version in force. */
  startAgain(): void {
    this.startFrom(this.#from);
  }

  bringBack(): void {
    if (this.replaced) this.startFrom(this.replaced);
  }

  #kept(ending: string): boolean | null {
    const kept = this.#store.read(this.#name + ending);
    return kept === null ? null : kept === 'yes';
  }

  #put({ body, covers }: WrittenSheet): void {
    this.body = body;
    this.covers = { ...covers };
    this.save();
    this.wasKept = this.isChanged;
  }
}
