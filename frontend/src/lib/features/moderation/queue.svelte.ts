import { createContext } from 'svelte';
import { Problem } from '#lib/api/index.ts';
import type { Handlers } from '#lib/realtime/live.svelte.ts';
import type { KeyChoice } from './keys.svelte.ts';
import { merge } from './queue-merge.ts';
import type { Case, CasePage, CasesWaiting, QueueState } from './shapes.ts';

type Source = {
  readQueue: (state: QueueState, cursor?: string | null) => Promise<CasePage>;
  countWaiting?: () => Promise<CasesWaiting>;
};

const TOGETHER_MS = 150;
const AGAIN_MS = 3_000;

/** The cases on screen. What others do is told by events and read anew, without moving a row. */
export class CaseQueue {
  rows = $state.raw<Case[]>([]);
  waiting = $state.raw<Case[]>([]);
  state = $state<'loading' | 'ready' | 'failed'>('loading');
  problem = $state.raw<Problem | null>(null);
  /** How much waits in all; null until it is known. */
  totals = $state.raw<CasesWaiting | null>(null);
  position = $state<string | null>(null);
  nextCursor = $state<string | null>(null);
  isFetching = $state(false);
  readonly kind: QueueState;
  #source: Source;
  #pages = 1;
  /** Of several readings under way the last one begun is the one that counts. */
  #turn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(kind: QueueState, source: Source) {
    this.kind = kind;
    this.#source = source;
  }

  get undecided(): Case[] {
    return this.rows.filter((row) => row.state !== 'decided');
  }

  get size(): number {
    return this.rows.length;
  }

  find(id: string): Case | null {
    return this.rows.find((row) => row.id === id) ?? null;
  }

  async load(first?: Promise<CasePage>): Promise<void> {
    const turn = ++this.#turn;
    void this.#count();
    try {
      const page = await (first ?? this.#source.readQueue(this.kind));
      if (turn !== this.#turn) return;
      this.rows = page.items;
      this.waiting = [];
      this.nextCursor = page.next_cursor;
      this.position ??= page.position;
      this.#pages = 1;
      this.problem = null;
      this.state = 'ready';
    } catch (thrown) {
      if (turn !== this.#turn) return;
      this.problem = Problem.of(thrown);
      this.state = this.rows.length ? 'ready' : 'failed';
    }
  }

  async more(): Promise<void> {
    if (this.isFetching || this.nextCursor === null) return;
    this.isFetching = true;
    this.problem = null;
    try {
      const page = await this.#source.readQueue(this.kind, this.nextCursor);
      this.rows = [...this.rows, ...page.items.filter((each) => !this.find(each.id))];
      this.nextCursor = page.next_cursor;
      this.#pages += 1;
    } catch (thrown) {
      this.problem = Problem.of(thrown);
    } finally {
      this.isFetching = false;
    }
  }

  /** The list as it is now, in its order. Returns what had waited, for the focus to go to. */
  async showWaiting(): Promise<Case | undefined> {
    const first = this.waiting[0];
    await this.load();
    return first;
  }

  /** The outcome of one's own act is there at once. */
  update(id: string, change: Partial<Case>): void {
    this.rows = this.rows.map((row) => (row.id === id ? { ...row, ...change } : row));
  }

  get handlers(): Handlers {
    const later = () => this.refreshSoon();
    return {
      'case.opened': later,
      'case.joined': later,
      'case.claimed': later,
      'case.released': later,
      'case.reached_out': later,
      'case.handed_over': later,
      'case.decided': later
    };
  }

  /** What is being read now is older than what is known of a case by now: it is read once more. */
  outdate(): void {
    this.#turn += 1;
    this.refreshSoon();
  }

  refreshSoon(wait = TOGETHER_MS): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.refresh();
    }, wait);
  }

  /** A reading that fails changes nothing, and is tried again: no event tells a thing twice. */
  async refresh(): Promise<void> {
    if (this.state !== 'ready') return this.load();
    const turn = ++this.#turn;
    void this.#count();
    try {
      const fresh = await this.#readAsFar();
      if (turn !== this.#turn) return;
      this.nextCursor = fresh.cursor;
      if (this.kind === 'open')
        Object.assign(this, merge(this.rows, fresh.items, fresh.cursor !== null));
      else this.#keepAside(fresh.items);
    } catch (thrown) {
      if (turn !== this.#turn) return;
      const problem = Problem.of(thrown);
      if (problem.isOffline) this.refreshSoon(AGAIN_MS);
      else this.problem = problem;
    }
  }

  /** A figure that fails to come is left as it was: the list is what counts. */
  async #count(): Promise<void> {
    try {
      this.totals = (await this.#source.countWaiting?.()) ?? this.totals;
    } catch {
      // The next reading asks again.
    }
  }

  async #readAsFar(): Promise<{ items: Case[]; cursor: string | null }> {
    const items: Case[] = [];
    let cursor: string | null = null;
    for (let at = 0; at < this.#pages; at++) {
      const page = await this.#source.readQueue(this.kind, cursor);
      items.push(...page.items);
      cursor = page.next_cursor;
      if (cursor === null) break;
    }
    return { items, cursor };
  }

  /** One's own cases and decided ones: known rows are renewed, the others wait. */
  #keepAside(fresh: Case[]): void {
    const byId = new Map(fresh.map((each) => [each.id, each]));
    this.rows = this.rows.map((row) => byId.get(row.id) ?? row);
    this.waiting = fresh.filter((each) => !this.find(each.id));
  }
}

export type Room = { queue: CaseQueue; keys: KeyChoice };
export const [getRoom, setRoom] = createContext<() => Room>();
