import { isComposing } from '#lib/ui/composing.ts';
import { Store } from '#lib/features/drafts/store.ts';
import type { Act } from './shapes.ts';

export type Command =
  | { do: 'move'; by: 1 | -1 }
  | { do: 'claim' | 'extend' | 'release' | 'open-text' | 'write' | 'ask-lead' | 'help' }
  | { do: 'choose'; act: Act };

type Press = Pick<
  KeyboardEvent,
  'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'isComposing' | 'keyCode'
>;

/** What each key does, in the order in which a case is worked on; shown beside the acts as well. */
export const KEYS: { keys: string[]; words: string }[] = [
  { keys: ['j', 'k'], words: 'Go down and up the list' },
  { keys: ['Enter'], words: 'Open the case you are on' },
  { keys: ['c'], words: 'Claim the case' },
  { keys: ['e'], words: 'Keep it longer' },
  { keys: ['r'], words: 'Give it back' },
  { keys: ['o'], words: 'Open or fold the text' },
  { keys: ['w'], words: 'Write to the author' },
  { keys: ['l'], words: 'Ask the safeguarding lead' },
  { keys: ['1', '2', '3'], words: 'Choose: leave it, fold it, hide it' },
  { keys: ['4'], words: 'Choose: open it again, after it was folded or hidden' },
  { keys: ['Ctrl', 'Enter'], words: 'Send what you are writing' },
  { keys: ['?'], words: 'This list' }
];

const COMMANDS = new Map<string, Command>(
  Object.entries<Command>({
    j: { do: 'move', by: 1 },
    k: { do: 'move', by: -1 },
    c: { do: 'claim' },
    e: { do: 'extend' },
    r: { do: 'release' },
    o: { do: 'open-text' },
    w: { do: 'write' },
    l: { do: 'ask-lead' },
    '1': { do: 'choose', act: 'nothing' },
    '2': { do: 'choose', act: 'fold' },
    '3': { do: 'choose', act: 'hide' },
    '4': { do: 'choose', act: 'restore' },
    '?': { do: 'help' }
  })
);

/** What a key asks for; nothing while it is part of a chord of the browser or the device. */
export function commandOf(press: Press): Command | null {
  if (press.ctrlKey || press.metaKey || press.altKey || isComposing(press)) return null;
  return COMMANDS.get(press.key.length === 1 ? press.key.toLowerCase() : press.key) ?? null;
}

const WRITES = 'textarea, select, input:not([type=radio]):not([type=checkbox]), [contenteditable]';

/** Where a key is a letter that someone writes, or belongs to a dialog or a menu. */
export function isElsewhere(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(`${WRITES}, dialog, [role=menu]`) !== null;
}

export function isSend(press: Press): boolean {
  if (isComposing(press)) return false;
  return press.key === 'Enter' && (press.ctrlKey || press.metaKey) && !press.altKey;
}

const OFF = 'alongside:keys-off';

/**
 * Single keys can be turned off on this device: people who dictate, or whose hands shake, press
 * letters without meaning to (WCAG 2.1.4).
 */
export class KeyChoice {
  isOn = $state(true);
  #store: Store;

  constructor(storage: Storage | null) {
    this.#store = new Store(storage);
    this.isOn = this.#store.read(OFF) === null;
  }

  turn(isOn: boolean): void {
    this.isOn = isOn;
    if (isOn) this.#store.remove(OFF);
    else this.#store.write(OFF, 'yes');
  }
}
