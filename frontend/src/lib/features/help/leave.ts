import { isComposing } from '#lib/ui/composing.ts';
import { forgetJoining } from '#lib/features/accounts/joining.ts';
import { forget } from '#lib/features/accounts/last-known.ts';

/** A page that looks like nothing: the weather. It is a link in the page, so it works without scripts. */
export const ELSEWHERE = 'https://www.bbc.co.uk/weather';

/** Our own page by that name, which only leads there. It takes the place of what Back would show. */
export const STAND_IN = '/weather';

const PRESSES = 3;
const WITHIN_MS = 1_500;
const TRAVERSE_MS = 150;

type Press = Pick<KeyboardEvent, 'key' | 'timeStamp' | 'isComposing' | 'keyCode'>;

/** Three presses of Escape within a moment; those of an input method are none of ours. */
export class EscapeCounter {
  #presses: number[] = [];

  press(event: Press): boolean {
    if (event.key !== 'Escape' || isComposing(event)) return false;
    const now = event.timeStamp;
    this.#presses = [...this.#presses.filter((at) => now - at < WITHIN_MS), now];
    return this.#presses.length >= PRESSES;
  }
}

/**
 * Hide the page at once, end the sign-in, and go. Where the browser allows it the visited pages of
 * this tab are first folded into one that is called "Weather", so Back does not return here.
 * What was being written stays on the device, behind the sign-in.
 */
export async function leave(): Promise<void> {
  document.documentElement.hidden = true;
  document.title = 'Weather';
  // Back may bring this very page from the browser's memory: then on again, at once.
  addEventListener('pageshow', () => location.replace(ELSEWHERE));
  forget();
  forgetJoining();
  void fetch('/api/v1/session', { method: 'DELETE', keepalive: true }).catch(() => undefined);
  if (await rewind()) {
    history.replaceState(null, '', STAND_IN);
    location.assign(ELSEWHERE);
  } else location.replace(ELSEWHERE);
}

/** To the first page of ours in this tab, but only when that needs no loading: leaving must not wait. */
async function rewind(): Promise<boolean> {
  const { navigation } = globalThis;
  const entries = navigation?.entries() ?? [];
  const first = entries[0];
  if (!navigation || !first || entries.length < 2) return false;
  if (!entries.every((entry) => entry.sameDocument)) return false;
  if (navigation.currentEntry?.key === first.key) return true;
  const { committed } = navigation.traverseTo(first.key);
  const arrived = Promise.resolve(committed).then(() => true);
  const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), TRAVERSE_MS));
  return Promise.race([arrived, late]).catch(() => false);
}
