import { Problem } from '#lib/api/index.ts';
import { Kept } from '#lib/features/drafts/kept.svelte.ts';
import { safeStorage } from '#lib/features/drafts/store.ts';
import type { Attendance } from './shapes.ts';

/** Somebody at a meeting: a member, or someone known by a code. */
export type Attendee = { member_id: string | null; code: string | null };

type Send = (who: Attendee, isHere: boolean) => Promise<void>;

export const keyOf = (who: Attendee): string => who.member_id ?? who.code ?? '';

/**
 * Ticks on the list of a meeting. Each is sent at once; what has not reached the server is kept on
 * the phone, through a reload too, and sent again in order. Of one person the last wish counts: the
 * server takes the same wish twice. The list itself is kept beside them, so that it can be read after a
 * reload without a network; both leave the phone once everything is sent.
 */
export class Ticks extends Kept {
  /** Wishes that are not sent yet, by person, the first made first. */
  waiting = $state.raw<{ who: Attendee; isHere: boolean }[]>([]);
  isSending = $state(false);
  /** The list as it was read last. */
  list: Attendance | null = null;
  /** What the server refused last, and of whom. */
  refused = $state.raw<{ who: Attendee; problem: Problem } | null>(null);
  #send: Send;

  constructor(owner: string, meeting: string, send: Send, storage = safeStorage()) {
    super(owner, `attendance:${meeting}`, storage);
    this.#send = send;
    this.restore();
  }

  /** What is wished for somebody, if it is not sent yet. */
  wish(who: Attendee): boolean | undefined {
    return this.waiting.find((one) => keyOf(one.who) === keyOf(who))?.isHere;
  }

  /** Tick someone, or take the tick away. Resolves once all that could be sent was sent. */
  async set(who: Attendee, isHere: boolean): Promise<void> {
    const others = this.waiting.filter((one) => keyOf(one.who) !== keyOf(who));
    this.waiting = [...others, { who, isHere }];
    this.save();
    await this.flushToServer();
  }

  /** Send what waits. Stops at the first that gets no answer. */
  async flushToServer(): Promise<void> {
    if (this.isSending) return;
    this.isSending = true;
    try {
      for (let first = this.waiting[0]; first; first = this.waiting[0]) {
        if (!(await this.#sent(first.who, first.isHere))) return;
        // A newer wish for the same person stays.
        this.waiting = this.waiting.filter((one) => one !== first);
        this.save();
      }
    } finally {
      this.isSending = false;
    }
  }

  async #sent(who: Attendee, isHere: boolean): Promise<boolean> {
    try {
      await this.#send(who, isHere);
      if (this.refused && keyOf(this.refused.who) === keyOf(who)) this.refused = null;
      return true;
    } catch (thrown) {
      const problem = Problem.of(thrown);
      if (problem.isUncertain || problem.isSignedOut || problem.status === 429) return false;
      this.refused = { who, problem };
      return true;
    }
  }

  protected toKeep(): object | null {
    return this.waiting.length ? { waiting: this.waiting, list: this.list } : null;
  }

  protected take(kept: { waiting?: unknown; list?: unknown } | null): void {
    const found = Array.isArray(kept?.waiting) ? kept.waiting : [];
    this.waiting = found.filter(isWish);
    this.list = isList(kept?.list) ? kept.list : null;
    this.wasKept = this.waiting.length > 0;
  }
}

function isWish(one: unknown): one is { who: Attendee; isHere: boolean } {
  const { who, isHere } = (one ?? {}) as { who?: Partial<Attendee>; isHere?: unknown };
  return typeof isHere === 'boolean' && Boolean(who?.member_id ?? who?.code);
}

function isList(one: unknown): one is Attendance {
  const { meeting_id, people } = (one ?? {}) as Partial<Attendance>;
  return typeof meeting_id === 'string' && Array.isArray(people);
}

/** The list of a meeting of which ticks still wait on this phone: for when the server is out of reach. */
export const keptList = (owner: string, meeting: string): Attendance | null =>
  new Ticks(owner, meeting, () => Promise.resolve()).list;
