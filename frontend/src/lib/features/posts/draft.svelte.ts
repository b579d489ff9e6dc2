import type { Intent } from '#lib/api/shapes.ts';
import { Kept } from '#lib/features/drafts/kept.svelte.ts';
import { safeStorage } from '#lib/features/drafts/store.ts';

export type Words = { body: string; intent: Intent | null; about: string };

/** What the page begins with; nothing anyone wrote. */
type Start = Pick<Words, 'body' | 'intent'>;

type Stored = Words & { to: string | null; key: string; sent: string | null };

/** What another version of this page may have kept as something else. */
function text<Words extends string>(kept: Words | null | undefined): Words | null {
  return typeof kept === 'string' ? kept : null;
}

/**
 * A post or a reply that is being written. Every try carries the same key until one is known to
 * have arrived, also with changed words: the answer to an earlier try may have been lost, and only
 * the server can tell whether it stands there already.
 */
export class Draft extends Kept {
  body = $state('');
  intent = $state<Intent | null>(null);
  about = $state('');
  /** Whose reply it answers, when it is not the post itself. */
  to = $state<string | null>(null);
  #key: string = crypto.randomUUID();
  #sent: string | null = null;
  #start: Start | null = null;

  constructor(owner: string, place: string, storage: Storage | null = safeStorage()) {
    super(owner, place, storage);
    this.restore();
  }

  get words(): Words {
    return { body: this.body, intent: this.intent, about: this.about };
  }

  /** A gentle start, unless something is being written already. Untouched, it is kept nowhere. */
  begin(start: Start): void {
    if (this.toKeep() !== null) return;
    this.#start = start;
    Object.assign(this, start);
  }

  override clear(): void {
    this.#start = null;
    super.clear();
  }

  /** The key for sending these words now. */
  keyForSending(): string {
    this.#sent = JSON.stringify([this.words, this.to]);
    this.save();
    return this.#key;
  }

  /** The earlier words stand there, and these are to stand there too. */
  beAnother(): void {
    this.#key = crypto.randomUUID();
    this.save();
  }

  protected toKeep(): Stored | null {
    const isUntouched = this.body.trim() === '' || this.body === this.#start?.body;
    const isEmpty = isUntouched && this.about.trim() === '';
    if (isEmpty && this.#sent === null) return null;
    return { ...this.words, to: this.to, key: this.#key, sent: this.#sent };
  }

  protected take(kept: Partial<Stored> | null): void {
    const isOurs = typeof kept?.body === 'string' && typeof kept.key === 'string';
    const found: Partial<Stored> = isOurs ? kept : {};
    this.body = found.body ?? '';
    this.about = text(found.about) ?? '';
    this.intent = text(found.intent);
    this.to = text(found.to);
    this.#key = found.key ?? crypto.randomUUID();
    this.#sent = text(found.sent);
    this.wasKept = this.body.trim() !== '';
  }
}
