import { lengthOf } from '#lib/text/length.ts';
import { Store } from '#lib/features/drafts/store.ts';
import { sanctionOf, type Choice } from './sanctions.ts';
import type { Act, CaseDetail, Deciding, ReasonTemplate } from './shapes.ts';

export const REASON_MIN = 10;
export const REASON_MAX = 1_000;
export const NOTE_MAX = 60;
const ACTS: Act[] = ['nothing', 'fold', 'hide', 'restore'];
const PREFIX = 'alongside:deciding:';

type Kept = { act: Act | null; reasons: Partial<Record<Act, string>>; noteAbout: string };
type Errors = Partial<Record<'act' | 'reason' | 'note_about' | 'answer', string>>;

/**
 * What a moderator is about to decide on one case. Each act keeps its own reason, since other
 * people read it; all of it lasts through a reload and through someone else being faster.
 */
export class DecisionDraft {
  act = $state<Act | null>(null);
  reasons = $state<Partial<Record<Act, string>>>({});
  noteAbout = $state('');
  /** For the person who wrote it; chosen anew each time, for it weighs more than words. */
  sanction = $state<Choice>('none');
  days = $state('7');
  answer = $state<'upheld' | 'shortened' | 'lifted' | null>(null);
  answerDays = $state('7');
  errors = $state.raw<Errors>({});
  /** Deleted a moment ago, and brought back if that was not meant; not kept on the device. */
  #deleted = $state.raw<Kept | null>(null);
  #name: string;
  #store: Store;

  /** Kept for this account alone: two moderators may share a computer. */
  constructor(owner: string, caseId: string, storage: Storage | null) {
    this.#name = `${PREFIX}${owner}:${caseId}`;
    this.#store = new Store(storage);
    Object.assign(this, this.#read());
  }

  get reason(): string {
    return this.act === null ? '' : (this.reasons[this.act] ?? '');
  }

  set reason(words: string) {
    if (this.act !== null) this.reasons[this.act] = words;
  }

  get hasWords(): boolean {
    return Object.values(this.reasons).some((words) => words.trim() !== '');
  }

  get canBringBack(): boolean {
    return this.#deleted !== null && !this.hasWords;
  }

  /** What was written goes from the device, and can be brought back while the case is open. */
  delete(): void {
    this.#deleted = this.#now();
    this.clear();
  }

  bringBack(): void {
    if (this.#deleted) Object.assign(this, this.#deleted);
    this.#deleted = null;
    this.save();
  }

  choose(act: Act): void {
    this.act = act;
    this.errors = {};
  }

  /** Starts from a template, after what is there already. */
  start(template: ReasonTemplate): void {
    const words = this.reason.trim();
    if (words.includes(template.text)) return;
    this.reason = words ? `${words}\n\n${template.text}` : template.text;
  }

  /** What is missing, each in a sentence; sends nothing that the server would refuse. */
  check(isAppealed = false): boolean {
    const errors: Errors = {};
    if (isAppealed && this.answer === null) errors.answer = 'Say what becomes of it.';
    if (this.act === null) errors.act = 'Choose what to do first.';
    else if (lengthOf(this.reason) < REASON_MIN)
      errors.reason = 'Say why in a few more words: the people concerned will read it.';
    if (this.act === 'fold' && this.noteAbout.trim() === '')
      errors.note_about = 'Say in a word or two what it is about.';
    this.errors = errors;
    return Object.keys(errors).length === 0;
  }

  /** With what was read of the case: a text that was edited since is read again first. */
  body(read: Pick<CaseDetail, 'version' | 'text_now'>): Deciding {
    return {
      act: this.act ?? 'nothing',
      reason: this.reason.trim(),
      note_about: this.act === 'fold' ? this.noteAbout.trim() : null,
      version: read.version,
      revision: read.text_now?.revision ?? null,
      sanction: this.answer === null ? sanctionOf(this.sanction, this.days) : null,
      answer: this.answer && {
        kind: this.answer,
        days: this.answer === 'shortened' ? Number(this.answerDays) : null
      }
    };
  }

  save(): void {
    if (this.act === null && !this.hasWords) this.#store.remove(this.#name);
    else this.#store.write(this.#name, JSON.stringify(this.#now()));
  }

  clear(): void {
    Object.assign(this, { act: null, reasons: {}, noteAbout: '', errors: {} });
    Object.assign(this, { sanction: 'none', answer: null });
    this.#store.remove(this.#name);
  }

  #now(): Kept {
    return { act: this.act, reasons: { ...this.reasons }, noteAbout: this.noteAbout };
  }

  #read(): Partial<Kept> {
    const kept = this.#store.readObject(this.#name);
    if (!kept) return {};
    const reasons = typeof kept.reasons === 'object' ? Object.entries(kept.reasons ?? {}) : [];
    return {
      act: ACTS.find((act) => act === kept.act) ?? null,
      reasons: Object.fromEntries(reasons.filter(([, words]) => typeof words === 'string')),
      noteAbout: typeof kept.noteAbout === 'string' ? kept.noteAbout : ''
    };
  }
}
