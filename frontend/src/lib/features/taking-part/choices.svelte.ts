import type { Purposes } from './study.actions.ts';
import type {
  DemographicsWrite,
  AgeBand,
  Area,
  PeerSupportBefore,
  Purpose,
  ConsentState
} from './shapes.ts';

const NOTHING: Purposes = {
  activity: false,
  questionnaires: false,
  text: false,
  contact: false
};
const NOTHING_TICKED = 'Tick what you agree to, or choose “No thanks”.';
const NOTHING_NEW = 'Tick what you agree to now. You can also leave it: what you agreed to stands.';

/** Whether something that is agreed to was agreed to under an earlier sheet than this one. */
export function isOfEarlierSheet(consents: ConsentState[], version: number): boolean {
  return consents.some((each) => each.in_force && (each.sheet_version ?? 0) < version);
}

/** What stands, without one purpose. */
export function without(consents: ConsentState[], purpose: Purpose): Purposes {
  const left = { ...NOTHING };
  for (const each of consents) left[each.purpose] = each.in_force && each.purpose !== purpose;
  return left;
}

/**
 * What a member is choosing. Nothing is ticked for them: neither at first, nor when the sheet
 * changed since. Whoever agreed to this sheet already sees what they agreed to.
 */
export class Choices {
  purposes = $state<Purposes>({ ...NOTHING });
  ageBand = $state<AgeBand | null>(null);
  area = $state<Area | null>(null);
  peerSupport = $state<PeerSupportBefore | null>(null);
  error = $state<string | null>(null);

  /** Set from what stands, for someone who takes part. */
  standing(consents: ConsentState[]): void {
    for (const { purpose, in_force } of consents) this.purposes[purpose] = in_force;
  }

  /** The sheet changed: what was ticked was said to other words. */
  startAnew(): void {
    this.purposes = { ...NOTHING };
    this.error = null;
  }

  get isAnything(): boolean {
    return Object.values(this.purposes).some(Boolean);
  }

  differsFrom(consents: ConsentState[]): boolean {
    return consents.some(({ purpose, in_force }) => this.purposes[purpose] !== in_force);
  }

  toggle(purpose: Purpose, isYes: boolean): void {
    this.purposes[purpose] = isYes;
    this.error = null;
  }

  /** Taking part means agreeing to something; saying no needs no form at all, nor does leaving a
   * newer sheet unanswered. */
  check(isNewer = false): boolean {
    this.error = this.isAnything ? null : isNewer ? NOTHING_NEW : NOTHING_TICKED;
    return this.isAnything;
  }

  get demographics(): DemographicsWrite {
    return {
      age_band: this.ageBand,
      area: this.area,
      peer_support_before: this.peerSupport
    };
  }
}
