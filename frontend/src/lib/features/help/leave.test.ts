import { expect, it } from 'vitest';
import { EscapeCounter } from './leave';

const at = (timeStamp: number, over: Partial<KeyboardEvent> = {}) => ({
  key: 'Escape',
  timeStamp,
  isComposing: false,
  keyCode: 27,
  ...over
});

it('leaves at the third Escape within a moment', () => {
  const counter = new EscapeCounter();
  expect([0, 300, 600].map((time) => counter.press(at(time)))).toEqual([false, false, true]);
});

it('does not leave when someone closes three menus over a minute', () => {
  const counter = new EscapeCounter();
  const presses = [0, 20_000, 40_000].map((time) => counter.press(at(time)));
  expect(presses).toEqual([false, false, false]);
});

it.each([{ isComposing: true }, { keyCode: 229 }])(
  'does not count what an input method hears (%o)',
  (over) => {
    const counter = new EscapeCounter();
    const presses = [0, 100, 200, 300].map((time) => counter.press(at(time, over)));
    expect(presses).toEqual([false, false, false, false]);
    expect(counter.press(at(400))).toBe(false);
  }
);

it('counts no other key', () => {
  const counter = new EscapeCounter();
  const presses = [0, 100, 200].map((time) => counter.press(at(time, { key: 'Enter' })));
  expect(presses).toEqual([false, false, false]);
});
