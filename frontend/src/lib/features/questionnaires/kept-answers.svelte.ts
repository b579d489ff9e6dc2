import { Problem } from '#lib/api/index.ts';
import { Kept } from '#lib/features/drafts/kept.svelte.ts';
import { safeStorage } from '#lib/features/drafts/store.ts';
import type { Answer, PartWrite, Questionnaire, WaveDetail } from './shapes.ts';

type Send = (parts: PartWrite[]) => Promise<void>;
/** An answer that is not sent yet. */
export type Waiting = { instrument: string; item: string; answer: Answer };

/** After these nothing more is taken: what waits leaves the device. */
const ENDS = ['not-taking-part', 'response-done', 'wave-not-open', 'questionnaires-not-agreed'];

/**
 * Answers to a wave. Each is sent at once; what has not reached the server is kept on this device,
 * through a reload too, and sent again. Of one question the last answer counts. The questions are
 * kept beside them, so that one can go on after a reload without a network; both leave the device
 * once everything is sent.
 */
export class KeptAnswers extends Kept {
  waiting = $state.raw<Waiting[]>([]);
  /** The last attempt reached nobody: what waits goes when there is a connection. */
  isCutOff = $state(false);
  /** Why nothing more is taken, and which answers were not. */
  ended = $state.raw<{ problem: Problem; lost: Waiting[] } | null>(null);
  /** Answers that the server could not take, each with why. */
  refused = $state.raw<{ one: Waiting; problem: Problem }[]>([]);
  /** The questions as they were read last, with what the server held then. */
  wave: WaveDetail | null = null;
  #send: Send;
  #flush: Promise<void> | null = null;

  constructor(owner: string, study: string, wave: number, send: Send, storage = safeStorage()) {
    super(owner, `questionnaire:${study}:${wave}`, storage);
    this.#send = send;
    this.restore();
  }

  /** Give an answer; `asked` names the questions that the answers of its instrument lead to now. */
  answer(instrument: string, item: string, answer: Answer, asked: string[]): Promise<void> {
    const others = this.waiting.filter(
      (one) => one.item !== item && (one.instrument !== instrument || asked.includes(one.item))
    );
    this.waiting = [...others, { instrument, item, answer }];
    this.refused = this.refused.filter(({ one }) => one.item !== item);
    this.save();
    return this.flushToServer();
  }

  get isSending(): boolean {
    return this.#flush !== null;
  }

  /** What is held for a question, here or at the server; undefined where it was never given. */
  held(item: string): Answer | undefined {
    const waits = this.waiting.find((one) => one.item === item);
    return waits ? waits.answer : this.wave?.answers[item];
  }

  /** Send what waits, all at once. What comes while it is under way goes next; resolves after it. */
  flushToServer(): Promise<void> {
    this.#flush ??= this.#sendAll().finally(() => (this.#flush = null));
    return this.#flush;
  }

  async #sendAll(): Promise<void> {
    while (this.waiting.length && !this.ended && (await this.#sent(this.waiting)));
  }

  async #sent(batch: Waiting[]): Promise<boolean> {
    try {
      await this.#send(this.#parts(batch));
      this.isCutOff = false;
      this.#took(batch);
    } catch (thrown) {
      const problem = Problem.of(thrown);
      this.isCutOff = problem.isUncertain || problem.isSignedOut || problem.status === 429;
      if (this.isCutOff) return false;
      if (ENDS.some((type) => problem.is(type))) return this.#end(problem);
      if (batch.length > 1) return this.#oneByOne(batch);
      this.refused = [...this.refused, ...batch.map((one) => ({ one, problem }))];
    }
    this.#drop(batch);
    return true;
  }

  /** One of them can't be taken: the others are sent without it, in the order they are asked. */
  async #oneByOne(batch: Waiting[]): Promise<boolean> {
    const asked = this.wave?.questionnaires.flatMap(({ questions }) => questions ?? []) ?? [];
    const place = ({ item }: Waiting) => asked.findIndex(({ name }) => name === item);
    for (const one of [...batch].sort((a, b) => place(a) - place(b))) {
      if (!(await this.#sent([one]))) return false;
    }
    return true;
  }

  #end(problem: Problem): false {
    this.ended = { problem, lost: this.waiting };
    this.waiting = [];
    this.save();
    return false;
  }

  /** What the server holds now. */
  #took(batch: Waiting[]): void {
    if (!this.wave) return;
    const taken = Object.fromEntries(batch.map(({ item, answer }) => [item, answer]));
    this.wave = { ...this.wave, answers: { ...this.wave.answers, ...taken } };
  }

  /** A newer answer to the same question stays. */
  #drop(batch: Waiting[]): void {
    this.waiting = this.waiting.filter((one) => !batch.includes(one));
    this.save();
  }

  #parts(batch: Waiting[]): PartWrite[] {
    const asked = this.wave?.questionnaires ?? [];
    return asked.flatMap((questionnaire) => partOf(questionnaire, batch) ?? []);
  }

  protected toKeep(): object | null {
    return this.waiting.length ? { waiting: this.waiting, wave: this.wave } : null;
  }

  protected take(kept: { waiting?: unknown; wave?: unknown } | null): void {
    const found = Array.isArray(kept?.waiting) ? kept.waiting : [];
    this.waiting = found.filter(isWaiting);
    // Another tab that has sent everything leaves nothing; the questions on screen stay.
    if (isWave(kept?.wave)) this.wave = kept.wave;
    this.wasKept = this.waiting.length > 0;
    this.isCutOff = this.wasKept;
  }
}

function partOf(questionnaire: Questionnaire, batch: Waiting[]): PartWrite | null {
  const own = batch.filter(({ instrument }) => instrument === questionnaire.instrument);
  if (!own.length) return null;
  return {
    instrument: questionnaire.instrument,
    language: questionnaire.language,
    wording_version: questionnaire.wording_version,
    answers: Object.fromEntries(own.map(({ item, answer }) => [item, answer]))
  };
}

function isWaiting(one: unknown): one is Waiting {
  const { instrument, item } = (one ?? {}) as Partial<Waiting>;
  return typeof instrument === 'string' && typeof item === 'string';
}

function isWave(one: unknown): one is WaveDetail {
  const { questionnaires, answers } = (one ?? {}) as Partial<WaveDetail>;
  return Array.isArray(questionnaires) && typeof answers === 'object';
}

/** A wave of which answers still wait on this device: for when the server is out of reach. */
export const keptWave = (owner: string, study: string, wave: number): WaveDetail | null =>
  new KeptAnswers(owner, study, wave, () => Promise.resolve()).wave;
