import type { Me } from '#lib/api/shapes.ts';

const NAME = 'alongside:me';

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
  } catch {
    // Nothing was kept.
  }
}
