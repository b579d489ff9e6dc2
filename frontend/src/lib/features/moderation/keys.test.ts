import { beforeEach, expect, it } from 'vitest';
import { commandOf, isElsewhere, isSend, KeyChoice } from './keys.svelte.ts';

beforeEach(() => localStorage.clear());

const press = (key: string, over: Partial<KeyboardEvent> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  isComposing: false,
  keyCode: 0,
  ...over
});

it.each([
  ['j', { do: 'move', by: 1 }],
  ['k', { do: 'move', by: -1 }],
  ['c', { do: 'claim' }],
  ['C', { do: 'claim' }],
  ['o', { do: 'open-text' }],
  ['w', { do: 'write' }],
  ['l', { do: 'ask-lead' }],
  ['1', { do: 'choose', act: 'nothing' }],
  ['2', { do: 'choose', act: 'fold' }],
  ['3', { do: 'choose', act: 'hide' }],
  ['?', { do: 'help' }],
  ['x', null],
  ['Enter', null],
  ['constructor', null]
])('%s', (key, command) => {
  expect(commandOf(press(key))).toEqual(command);
});

it('leaves chords to the browser', () => {
  expect(commandOf(press('c', { ctrlKey: true }))).toBeNull();
  expect(commandOf(press('r', { metaKey: true }))).toBeNull();
  expect(commandOf(press('j', { altKey: true }))).toBeNull();
});

it('sends by Ctrl or Command with Enter', () => {
  expect(isSend(press('Enter', { ctrlKey: true }))).toBe(true);
  expect(isSend(press('Enter', { metaKey: true }))).toBe(true);
  expect(isSend(press('Enter'))).toBe(false);
});

it.each([{ isComposing: true }, { keyCode: 229 }])('leaves an input method alone (%o)', (over) => {
  expect(commandOf(press('c', over))).toBeNull();
  expect(commandOf(press('1', over))).toBeNull();
  expect(isSend(press('Enter', { ctrlKey: true, ...over }))).toBe(false);
});

it('takes no letter away from someone who writes, and none from a dialog', () => {
  document.body.innerHTML = `<textarea></textarea><input type="text" /><input type="radio" />
    <button>Act</button><dialog><button id="in">In it</button></dialog>`;
  const at = (selector: string) => isElsewhere(document.querySelector(selector));
  expect(at('textarea')).toBe(true);
  expect(at('[type=text]')).toBe(true);
  expect(at('#in')).toBe(true);
  expect(at('[type=radio]')).toBe(false);
  expect(at('body > button')).toBe(false);
  expect(isElsewhere(null)).toBe(false);
});

it('stays turned off on this device', () => {
  new KeyChoice(localStorage).turn(false);
  const again = new KeyChoice(localStorage);
  expect(again.isOn).toBe(false);
  again.turn(true);
  expect(new KeyChoice(localStorage).isOn).toBe(true);
  expect(new KeyChoice(null).isOn).toBe(true);
});
