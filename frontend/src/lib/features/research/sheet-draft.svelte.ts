const PREFIX = 'alongside:sheet:';
const SAVE_AFTER_MS = 400;

/** A sheet being written, kept on this device until it is published; it starts from what stands. */
export class SheetDraft {
  body = $state('');
  #name: string;
  #from: string;
  #storage: Storage | null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(studyId: string, current: string, storage: Storage | null) {
    this.#name = `${PREFIX}${studyId}`;
    this.#from = current;
    this.#storage = storage;
    this.body = storage?.getItem(this.#name) ?? current;
  }

  get isChanged(): boolean {
    return this.body.trim() !== this.#from.trim() && this.body.trim() !== '';
  }

  saveSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.save(), SAVE_AFTER_MS);
  }

  save(): void {
    clearTimeout(this.#timer);
    if (this.isChanged) this.#storage?.setItem(this.#name, this.body);
    else this.#storage?.removeItem(this.#name);
  }

  /** What is published now stands: the next draft starts from it. */
  published(body: string): void {
    this.#from = body;
    this.body = body;
    this.save();
  }

  startFrom(body: string): void {
    this.body = body;
    this.save();
  }
}
