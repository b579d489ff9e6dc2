import { parse, Store } from './store.ts';

const SAVE_AFTER_MS = 300;
const PREFIX = 'alongside:draft:';

/**
 * What a person is writing, kept on their own device until it has been sent or let go: through a
 * reload, a lost connection and a sign-out. Two tabs may stand at one place: each takes over what
 * the other wrote while it has nothing else itself, and removes only what it found or put there.
 */
export abstract class Kept {
  /** True when words from an earlier visit were found. */
  wasKept = $state(false);
  /** What was put aside by starting again: it can be brought back until it is sent or left. */
  replaced = $state<string | null>(null);
  #name: string;
  #store: Store;
  /** What stands in the store, as far as this tab knows. */
  #stored: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(owner: string, place: string, storage: Storage | null) {
    this.#name = `${PREFIX}${owner}:${place}`;
    this.#store = new Store(storage);
  }

  /** What is worth keeping now; nothing when there is nothing. */
  protected abstract toKeep(): object | null;

  /** Make this what is being written; without anything, start anew. */
  protected abstract take(kept: object | null): void;

  /** As it would be stored now: reads everything that a change could be in. */
  get written(): string | null {
    const kept = this.toKeep();
    return kept && JSON.stringify(kept);
  }

  saveSoon(): void {
    this.#stopWaiting();
    this.#timer = setTimeout(() => this.save(), SAVE_AFTER_MS);
  }

  /**
   * What was not saved yet. A component that goes reads its state as it was before its last change,
   * so what was just let go must not be read again.
   */
  flush(): void {
    if (this.#timer !== undefined) this.save();
  }

  save(): void {
    this.#stopWaiting();
    const written = this.written;
    if (written === this.#stored) return;
    if (written === null) return this.#remove();
    // A full or forbidden store must not stop anyone from writing; the words stay on screen.
    if (this.#store.write(this.#name, written)) this.#stored = written;
  }

  /** Whether the words are in the store by now. A browser may keep nothing, and then it is not said. */
  isKept(): boolean {
    this.save();
    return this.written === this.#stored;
  }

  /** Sent, or let go. What another tab has written here since then stays, and stands here now. */
  clear(): void {
    this.#stopWaiting();
    this.#remove();
    this.replaced = null;
    this.restore();
  }

  /** Begin with nothing. What was there goes from the device, and can be brought back. */
  startAgain(): void {
    const put = this.written;
    this.clear();
    this.replaced = put;
  }

  /** What was put aside stands here again; what was written since is put aside in its place. */
  bringBack(): void {
    if (this.replaced === null) return;
    const since = this.written;
    this.take(parse(this.replaced));
    this.replaced = since;
    this.save();
  }

  /** Another tab wrote. Returns whether its words stand here now. */
  adopt(key: string | null): boolean {
    if (key !== this.#name || this.written !== this.#stored) return false;
    this.restore();
    return true;
  }

  /** Take what is stored; each kind does so once it is made. */
  protected restore(): void {
    this.#stored = this.#store.read(this.#name);
    this.take(parse(this.#stored));
  }

  #stopWaiting(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #remove(): void {
    const isMine = this.#store.read(this.#name) === this.#stored;
    if (isMine) this.#store.remove(this.#name);
    this.#stored = null;
  }
}
