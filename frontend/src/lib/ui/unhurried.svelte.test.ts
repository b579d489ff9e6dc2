import { flushSync } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Unhurried } from './unhurried.svelte.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function drawing(items: number[], isBack = false) {
  let list = $state.raw(items);
  let made: Unhurried | undefined;
  const stop = $effect.root(() => {
    made = new Unhurried(() => list.length, isBack);
  });
  const drawn = () => made!.of(list);
  /** Steps until nothing more is drawn, and what stood there after each. */
  const steps = () => {
    const seen: number[] = [];
    for (flushSync(); vi.getTimerCount(); flushSync()) {
      vi.runOnlyPendingTimers();
      flushSync();
      seen.push(drawn().length);
    }
    return seen;
  };
  return { drawn, steps, stop, grow: (more: number[]) => (list = [...list, ...more]) };
}

it('draws a few at a time, in their order, until all are there', () => {
  const { drawn, steps, stop } = drawing([1, 2, 3, 4, 5]);
  expect(drawn()).toEqual([]);
  expect(steps()).toEqual([2, 4, 5]);
  expect(drawn()).toEqual([1, 2, 3, 4, 5]);
  stop();
});

it('draws what comes later in the same way', () => {
  const { steps, stop, grow } = drawing([1, 2]);
  steps();
  grow([3, 4, 5]);
  expect(steps()).toEqual([4, 5]);
  stop();
});

it('gives a list that someone comes back to at once', () => {
  const { drawn, stop } = drawing([1, 2, 3, 4, 5], true);
  expect(drawn()).toHaveLength(5);
  stop();
});
