import { isolated } from '#lib/text/words.ts';
import type { Claim } from './shapes.ts';

const MINUTE = 60_000;
const clock = new Intl.DateTimeFormat('en-GB', { hour: 'numeric', minute: '2-digit' });

/** A claim counts until its last moment, and ends by itself. */
export function isLive(claim: Claim | null, now: number): boolean {
  return claim !== null && new Date(claim.expires_at).getTime() > now;
}

export function isMine(claim: Claim | null, now: number): boolean {
  return claim?.is_me === true && isLive(claim, now);
}

/** Soon enough over that a word about keeping it is kind. */
export function isEnding(claim: Claim | null, now: number): boolean {
  return isMine(claim, now) && new Date(claim!.expires_at).getTime() - now <= 4 * MINUTE;
}

/**
 * How long a case is held, as one would say it. It names a time of day instead of counting down,
 * and changes its words three times at most.
 */
export function leaseWords(claim: Claim, now: number): string {
  const until = new Date(claim.expires_at);
  const left = until.getTime() - now;
  const who = claim.is_me ? 'You have this one' : `${isolated(claim.moderator_name)} has this one`;
  if (left <= 0)
    return claim.is_me
      ? "You don't have this one any more. What you wrote is still here."
      : 'Nobody is looking at this one at the moment.';
  if (left <= MINUTE) return `${who} for about a minute more.`;
  if (left <= 4 * MINUTE) return `${who} for a few minutes more, until ${clock.format(until)}.`;
  return `${who} until ${clock.format(until)}.`;
}

/** The short form for a row of the queue. */
export function holderWords(claim: Claim | null, now: number): string | null {
  if (!claim || !isLive(claim, now)) return null;
  const until = clock.format(new Date(claim.expires_at));
  return claim.is_me
    ? `yours until ${until}`
    : `${isolated(claim.moderator_name)} has it until ${until}`;
}
