import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { BrowserAct } from '#lib/api/shapes.ts';
import { ActLog } from './act-log';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const posts = Array.from({ length: 40 }, () => ({}));

function setUp() {
  const world = { visible: true, recorded: true };
  const sent: BrowserAct[][] = [];
  const log = new ActLog({
    isVisible: () => world.visible,
    isRecorded: () => world.recorded,
    send: async (items) => void sent.push(items)
  });
  const stop = log.start();
  const seconds = () =>
    sent.flat().reduce((sum, act) => sum + (act.type === 'read' ? act.seconds : 0), 0);
  return { world, sent, log, stop, seconds };
}

it.each([
  ['a small window', 1],
  ['a tall one', 6]
])('counts 45 seconds as 45 in %s', async (_, shown) => {
  const { log, stop, seconds } = setUp();
  for (const post of posts.slice(0, shown)) log.clock.enter(post);
  await vi.advanceTimersByTimeAsync(45_000);
  stop();
  expect(seconds()).toBe(45);
});

it('sends every twenty seconds, and tells no more than how long', async () => {
  const { sent, log } = setUp();
  log.clock.enter(posts[0]!);
  await vi.advanceTimersByTimeAsync(40_000);
  expect(sent).toEqual([[{ type: 'read', seconds: 20 }], [{ type: 'read', seconds: 20 }]]);
});

it('goes on while one post follows another, and rests when none is in view', async () => {
  const { log, stop, seconds } = setUp();
  for (const post of posts.slice(0, 5)) {
    log.clock.enter(post);
    await vi.advanceTimersByTimeAsync(3_000);
    log.clock.leave(post);
  }
  await vi.advanceTimersByTimeAsync(30_000);
  stop();
  expect(seconds()).toBe(15);
});

it('counts nothing while the page is hidden', async () => {
  const { world, sent, log, stop } = setUp();
  log.clock.enter(posts[0]!);
  world.visible = false;
  await vi.advanceTimersByTimeAsync(60_000);
  stop();
  expect(sent).toEqual([]);
});

it('stops two minutes after the last sign of life, and goes on with the next', async () => {
  const { log, stop, seconds } = setUp();
  log.clock.enter(posts[0]!);
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(seconds()).toBe(120);
  log.clock.stir();
  await vi.advanceTimersByTimeAsync(10_000);
  stop();
  expect(seconds()).toBe(130);
});

it('counts no hours for a machine that slept with its lid closed', async () => {
  const { log, stop, seconds } = setUp();
  log.clock.enter(posts[0]!);
  await vi.advanceTimersByTimeAsync(10_000);
  const asleep = performance.now() + 8 * 3_600_000;
  vi.spyOn(performance, 'now').mockImplementation(() => asleep);
  log.clock.stir();
  await vi.advanceTimersByTimeAsync(1_000);
  stop();
  vi.restoreAllMocks();
  expect(seconds()).toBe(12);
});

it('tells nothing of someone whom no study may note any more', async () => {
  const { world, sent, log, stop } = setUp();
  log.clock.enter(posts[0]!);
  await vi.advanceTimersByTimeAsync(10_000);
  log.note('note_opened');
  world.recorded = false;
  await vi.advanceTimersByTimeAsync(20_000);
  world.recorded = true;
  stop();
  expect(sent).toEqual([[{ type: 'read', seconds: 10 }]]);
});

it('sends at most fifty at a time', async () => {
  const { sent, log, stop } = setUp();
  for (let at = 0; at < 60; at++) log.note('note_opened');
  stop();
  await vi.advanceTimersByTimeAsync(0);
  expect(sent.map((items) => items.length)).toEqual([50, 10]);
});
