import type { Me } from '#lib/api/shapes.ts';

const NAME = 'alongside:me';
const ENDED = 'alongside:sign-in-ended';

/** How often it was forgotten in this tab: an answer asked for before that is nobody's any more. */
let forgotten = 0;

export function asking(): (me: Me) => void {
  const before = forgotten;
  return (me) => {
    if (before === forgotten) remember(me);
  };
}

/**
 * Who was last here in this tab: a line that is lost, also across a reload, must put nobody out of
 * the room they write in. It goes when the sign-in does, so that the next person here meets nobody.
 */
function remember(me: Me): void {
  try {
    sessionStorage.setItem(NAME, JSON.stringify(me));
    sessionStorage.removeItem(ENDED);
  } catch {
    // Without storage a room stands through a lost line, but not through a reload.
  }
}

export function lastKnown(): Me | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(NAME) ?? 'null') as Me | null;
    return typeof kept?.account_id === 'string' ? kept : null;
  } catch {
    return null;
  }
}

export function forget(): void {
  forgotten += 1;
  try {
    sessionStorage.removeItem(NAME);
    sessionStorage.removeItem(ENDED);
  } catch {
    // Nothing was kept.
  }
}

/** The server has ended the sign-in of whoever was here in this tab, if anyone was. */
export function endHere(): void {
  const wasHere = lastKnown() !== null;
  forget();
  if (!wasHere) return;
  try {
    sessionStorage.setItem(ENDED, 'yes');
  } catch {
    // Then it is not said.
  }
}

/** Whether to say so to whoever is asked to sign in: a stranger on a link was never signed in. */
export function hasEnded(): boolean {
  try {
    return lastKnown() !== null || sessionStorage.getItem(ENDED) !== null;
  } catch {
    return false;
  }
}
