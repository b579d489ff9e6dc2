import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ReadingLog, type Read } from './reading';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function setUp() {
  const world = { visible: true };
  const sent: Read[][] = [];
  const log = new ReadingLog({
    isVisible: () => world.visible,
    send: async (items) => void sent.push(items)
  });
  const stop = log.start();
  return { world, sent, log, stop };
}

it('counts whole seconds in view and sends them in batches', async () => {
  const { sent, log } = setUp();
  log.enter('a');
  await vi.advanceTimersByTimeAsync(7_000);
  log.leave('a');
  await vi.advanceTimersByTimeAsync(20_000);
  expect(sent).toEqual([[{ post_id: 'a', seconds: 7 }]]);
});

it('counts nothing while the page is hidden', async () => {
  const { world, sent, log, stop } = setUp();
  log.enter('a');
  world.visible = false;
  await vi.advanceTimersByTimeAsync(60_000);
  stop();
  expect(sent).toEqual([]);
});

it('stops counting when someone has plainly gone away', async () => {
  const { sent, log, stop } = setUp();
  log.enter('a');
  await vi.advanceTimersByTimeAsync(3_600_000);
  stop();
  const total = sent.flat().reduce((sum, item) => sum + item.seconds, 0);
  expect(total).toBe(300);
});

it('sends at most fifty at a time, and what is left when the page goes', async () => {
  const { sent, log, stop } = setUp();
  for (let at = 0; at < 60; at++) log.enter(`post-${at}`);
  await vi.advanceTimersByTimeAsync(2_000);
  stop();
  await vi.advanceTimersByTimeAsync(0);
  expect(sent.map((items) => items.length)).toEqual([50, 10]);
});
