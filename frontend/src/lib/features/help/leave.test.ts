import { expect, it } from 'vitest';
import { EscapeCounter } from './leave';

it('leaves at the third Escape within a moment', () => {
  const counter = new EscapeCounter();
  expect([0, 300, 600].map((at) => counter.press(at))).toEqual([false, false, true]);
});

it('does not leave when someone closes three menus over a minute', () => {
  const counter = new EscapeCounter();
  expect([0, 20_000, 40_000].map((at) => counter.press(at))).toEqual([false, false, false]);
});
