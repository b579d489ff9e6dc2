import { Act } from '#lib/api/act.svelte.ts';
import { Problem } from '#lib/api/index.ts';
import type { CaseQueue } from './queue.svelte.ts';
import type {
  Case,
  CaseDetail,
  CaseStep,
  Deciding,
  Decision,
  StepCreate,
  StepKind
} from './shapes.ts';

type Source = {
  readCase: (id: string) => Promise<CaseDetail>;
  claim: (id: string) => Promise<Case>;
  extend: (id: string) => Promise<Case>;
  release: (id: string) => Promise<unknown>;
  decide: (id: string, body: Deciding) => Promise<Decision>;
  reachOut: (id: string, body: StepCreate) => Promise<CaseStep>;
  handOver: (id: string, body: StepCreate) => Promise<CaseStep>;
};

/** Refusals after which the case on screen is no longer the case as it is. */
const OVERTAKEN = [
  'already-decided',
  'case-claimed',
  'lease-lost',
  'case-changed',
  'text-changed',
  'act-not-open',
  'cannot-reach',
  'no-lead'
];

/** One case opened. It follows the queue for who holds it, and is read anew only on purpose. */
export class CaseView {
  detail = $state.raw<CaseDetail | null>(null);
  problem = $state.raw<Problem | null>(null);
  /** A flag joined since it was read: it is told, and shown when asked for. */
  hasNews = $state(false);
  /** This moderator decided it just now, or found it decided by someone faster. */
  ending = $state<'mine' | 'overtaken' | null>(null);
  readonly holding = new Act();
  readonly deciding = new Act();
  readonly stepping = new Act();
  readonly id: string;
  #source: Source;
  #queue: CaseQueue;
  /** Claimed or given back, and not read since: what may be decided comes with that reading. */
  #isBetween = false;
  /** A decision whose answer was lost: it may have been made all the same. */
  #unsure: Deciding | null = null;

  constructor(id: string, queue: CaseQueue, source: Source) {
    this.id = id;
    this.#queue = queue;
    this.#source = source;
  }

  async load(first?: Promise<CaseDetail>): Promise<void> {
    try {
      this.detail = await (first ?? this.#source.readCase(this.id));
      this.hasNews = false;
      this.problem = null;
      const { id, version, state, claim, report_count, is_worried } = this.detail;
      this.#queue.update(id, { version, state, claim, report_count, is_worried });
      this.#queue.outdate();
    } catch (thrown) {
      this.problem = Problem.of(thrown);
    }
  }

  async claim(): Promise<boolean> {
    return this.#withLease(() => this.#source.claim(this.id));
  }

  async extend(): Promise<boolean> {
    return this.#withLease(() => this.#source.extend(this.id));
  }

  async release(): Promise<boolean> {
    return this.#withLease(() => this.#source.release(this.id));
  }

  /** Write to the author, or ask the lead; what may be done next comes with reading it anew. */
  async take(kind: StepKind, words: string): Promise<boolean> {
    const read = this.detail;
    if (!read) return false;
    const body = {
      words,
      version: read.version,
      revision: read.text_now?.revision ?? null
    };
    this.#isBetween = true;
    try {
      const send = kind === 'reached_out' ? this.#source.reachOut : this.#source.handOver;
      const made = await this.stepping.run(() => send(this.id, body));
      if (made || this.#isOvertaken(this.stepping)) await this.load();
      if (!made && this.detail?.state === 'decided') this.ending = 'overtaken';
      return made !== undefined;
    } finally {
      this.#isBetween = false;
    }
  }

  async decide(body: Deciding): Promise<Decision | undefined> {
    this.#unsure = body;
    const decision = await this.deciding.run(async () => {
      const made = await this.#source.decide(this.id, body);
      // Said before anything else: the event of one's own decision must not look like another's.
      this.ending = 'mine';
      return made;
    });
    if (!this.deciding.problem?.isUncertain) this.#unsure = null;
    if (decision && this.detail) this.detail = concluded(this.detail, decision);
    if (decision || this.#isOvertaken(this.deciding)) await this.load();
    if (!decision && this.detail?.state === 'decided') this.ending = 'overtaken';
    return decision;
  }

  /** What the queue knows of this case, told by an event. */
  follow(row: Case): void {
    const detail = this.detail;
    if (
      !detail ||
      this.ending ||
      detail.state === 'decided' ||
      this.#isBetween ||
      this.deciding.busy
    )
      return;
    if (row.state === 'decided') {
      if (this.#unsure) return void this.#settle(this.#unsure);
      this.ending = 'overtaken';
      void this.load();
    } else if (row.version > detail.version) this.hasNews = true;
    else if (row.claim !== detail.claim)
      this.detail = { ...detail, claim: row.claim ?? over(detail.claim), state: row.state };
  }

  /** Decided while an answer was missing: by this moderator after all, or by someone else. */
  async #settle(sent: Deciding): Promise<void> {
    this.#unsure = null;
    await this.load();
    const made = this.detail?.decisions.at(-1);
    const isSent = made?.act === sent.act && made.reason === sent.reason;
    this.ending = isSent ? 'mine' : 'overtaken';
    if (isSent) this.deciding.problem = null;
  }

  async #withLease(work: () => Promise<unknown>): Promise<boolean> {
    this.#isBetween = true;
    try {
      await this.holding.run(work);
      const problem = this.holding.problem;
      if (problem && !this.#isOvertaken(this.holding)) return false;
      await this.load();
      return problem === null;
    } finally {
      this.#isBetween = false;
    }
  }

  #isOvertaken(act: Act): boolean {
    return OVERTAKEN.some((name) => act.problem?.is(name));
  }
}

/** A claim of one's own that is no longer there has run out, and the page says so. */
function over(claim: CaseDetail['claim']): CaseDetail['claim'] {
  return claim?.is_me ? { ...claim, expires_at: new Date(0).toISOString() } : null;
}

/** Decided, also when the line is lost before it could be read anew. */
function concluded(detail: CaseDetail, decision: Decision): CaseDetail {
  const decisions = [...detail.decisions, decision];
  return { ...detail, state: 'decided', claim: null, decisions };
}
