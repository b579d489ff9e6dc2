import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { EVERY_MS, LogChecks } from './log-checks.svelte.ts';
import type { LogChecks as Found } from './shapes.ts';

const LAST: Found['last'] = {
  checked_at: '2026-11-27T03:17:00Z',
  whole_at: '2026-11-27T03:17:00Z',
  is_intact: true,
  checked: 7,
  head_hash: 'ab',
  broken_seq: null,
  why: null
};
const BEFORE: Found = { is_running: false, last: null };
const RUNS: Found = { is_running: true, last: null };
const AFTER: Found = { is_running: false, last: LAST };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function answering(...answers: Found[]) {
  const read = vi.fn(async () => answers.shift() ?? AFTER);
  const ask = vi.fn(async () => undefined);
  return { read, ask, checks: new LogChecks(read, ask) };
}

test('a check that was asked for is followed until it ends', async () => {
  const { read, ask, checks } = answering(BEFORE, RUNS, RUNS);
  await checks.load();
  await vi.advanceTimersByTimeAsync(EVERY_MS);
  expect(read).toHaveBeenCalledTimes(1);
  await checks.check();
  expect(ask).toHaveBeenCalledOnce();
  expect(checks.isRunning).toBe(true);
  await vi.advanceTimersByTimeAsync(2 * EVERY_MS);
  expect(checks.found).toEqual(AFTER);
  await vi.advanceTimersByTimeAsync(5 * EVERY_MS);
  expect(read).toHaveBeenCalledTimes(4);
});

test('whoever leaves the page asks no more', async () => {
  const { read, checks } = answering(RUNS, RUNS);
  await checks.load();
  checks.end();
  await vi.advanceTimersByTimeAsync(5 * EVERY_MS);
  expect(read).toHaveBeenCalledTimes(1);
});

test('a check that can’t be read says so, and the last one stays', async () => {
  const { read, checks } = answering(AFTER);
  await checks.load();
  read.mockRejectedValueOnce(new Error('away'));
  await checks.load();
  expect(checks.act.problem).not.toBeNull();
  expect(checks.found).toEqual(AFTER);
});
