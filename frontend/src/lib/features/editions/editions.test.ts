import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Editions } from './editions.svelte.ts';
import * as actions from './editions.actions.ts';
import type { Edition } from './shapes.ts';

vi.mock('./editions.actions.ts');

const made = (state: Edition['state']) => [{ state }] as Edition[];
const read = () => vi.mocked(actions.readEditions);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.resetAllMocks();
});

it('are followed while one is being made, and not after', async () => {
  read().mockResolvedValueOnce(made('waiting')).mockResolvedValueOnce(made('rendering'));
  read().mockResolvedValue(made('ready'));
  const editions = new Editions('s');
  await editions.read();
  await vi.advanceTimersByTimeAsync(2000);
  expect(editions.items[0]?.state).toBe('rendering');
  await vi.advanceTimersByTimeAsync(20_000);
  expect(editions.items[0]?.state).toBe('ready');
  expect(read()).toHaveBeenCalledTimes(3);
});

it('stay as they were when a look fails, and are looked at again', async () => {
  read().mockResolvedValueOnce(made('rendering')).mockRejectedValueOnce(new TypeError('offline'));
  read().mockResolvedValue(made('ready'));
  const editions = new Editions('s');
  await editions.read();
  await vi.advanceTimersByTimeAsync(2000);
  expect([editions.problem?.isOffline, editions.items[0]?.state]).toEqual([true, 'rendering']);
  await vi.advanceTimersByTimeAsync(2000);
  expect([editions.problem, editions.items[0]?.state]).toEqual([null, 'ready']);
});

it('are not followed by somebody who has gone', async () => {
  read().mockResolvedValue(made('rendering'));
  const editions = new Editions('s');
  const reading = editions.read();
  editions.leave();
  await reading;
  await vi.advanceTimersByTimeAsync(20_000);
  expect(read()).toHaveBeenCalledTimes(1);
});
