import { flushSync } from 'svelte';
import { expect, it, vi } from 'vitest';
import { Unhurried } from './unhurried.svelte.ts';

function drawing(items: number[], isBack = false) {
  let list = $state.raw(items);
  let made: Unhurried | undefined;
  const seen: number[] = [];
  const stop = $effect.root(() => {
    made = new Unhurried(() => list.length, isBack);
    $effect(() => {
      seen.push(made!.of(list).length);
    });
  });
  const drawn = () => made!.of(list);
  /** Waits until nothing more is drawn; what stood there after each step. */
  const steps = async () => {
    flushSync();
    await vi.waitUntil(() => made!.isWhole);
    flushSync();
    return seen.splice(0);
  };
  return { drawn, steps, stop, grow: (more: number[]) => (list = [...list, ...more]) };
}

it('draws one at a time, in their order, until all are there', async () => {
  const { drawn, steps, stop } = drawing([1, 2, 3, 4, 5]);
  expect(drawn()).toEqual([]);
  expect(await steps()).toEqual([0, 1, 2, 3, 4, 5]);
  expect(drawn()).toEqual([1, 2, 3, 4, 5]);
  stop();
});

it('waits for a list that is not there yet', async () => {
  const { steps, stop, grow } = drawing([]);
  expect(await steps()).toEqual([0]);
  grow([1, 2, 3]);
  expect(await steps()).toEqual([0, 1, 2, 3]);
  stop();
});

it('draws what comes later at once', async () => {
  const { drawn, steps, stop, grow } = drawing([1, 2]);
  await steps();
  grow([3, 4, 5, 6, 7]);
  expect(drawn()).toHaveLength(7);
  stop();
});

it('gives a list that someone comes back to at once', () => {
  const { drawn, stop } = drawing([1, 2, 3, 4, 5], true);
  expect(drawn()).toHaveLength(5);
  stop();
});
