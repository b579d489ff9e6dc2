import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Problem } from '#lib/api/index.ts';
import { Evaluation } from './evaluation.svelte.ts';
import * as actions from './measures.actions.ts';
import type { EvaluationShown } from './shapes.ts';

vi.mock('./measures.actions.ts');

const shown = (state: EvaluationShown['state']) =>
  ({ state, measures: ['one'], results: [] }) as unknown as EvaluationShown;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.resetAllMocks();
});

it('is followed while it is under way, and not after', async () => {
  const read = vi.mocked(actions.readEvaluation);
  vi.mocked(actions.start).mockResolvedValue(shown('waiting'));
  read.mockResolvedValueOnce(null).mockResolvedValueOnce(shown('running'));
  read.mockResolvedValue(shown('done'));
  const evaluation = new Evaluation('d');
  await evaluation.read();
  expect([evaluation.shown, evaluation.isRead]).toEqual([null, true]);
  await evaluation.start();
  expect(evaluation.isUnderWay).toBe(true);
  await vi.advanceTimersByTimeAsync(2000);
  expect(evaluation.shown?.state).toBe('running');
  await vi.advanceTimersByTimeAsync(2000);
  expect(evaluation.shown?.state).toBe('done');
  await vi.advanceTimersByTimeAsync(20_000);
  expect(read).toHaveBeenCalledTimes(3);
});

it('is not followed by somebody who has gone, also when an answer comes late', async () => {
  const read = vi.mocked(actions.readEvaluation).mockResolvedValue(shown('running'));
  const evaluation = new Evaluation('d');
  const reading = evaluation.read();
  evaluation.leave();
  await reading;
  await vi.advanceTimersByTimeAsync(20_000);
  expect(read).toHaveBeenCalledTimes(1);
});

it('keeps what was seen when a look fails, and looks again', async () => {
  const read = vi.mocked(actions.readEvaluation);
  read.mockResolvedValueOnce(shown('running'));
  read.mockRejectedValueOnce(new Error('no network'));
  read.mockResolvedValue(shown('done'));
  const evaluation = new Evaluation('d');
  await evaluation.read();
  await vi.advanceTimersByTimeAsync(2000);
  expect(evaluation.problem).toBeInstanceOf(Problem);
  expect(evaluation.shown?.state).toBe('running');
  await vi.advanceTimersByTimeAsync(2000);
  expect([evaluation.problem, evaluation.shown?.state]).toEqual([null, 'done']);
});

it('can be stopped', async () => {
  vi.mocked(actions.cancel).mockResolvedValue(shown('cancelled'));
  const evaluation = new Evaluation('d');
  const stopping = evaluation.cancel();
  expect(evaluation.isBusy).toBe(true);
  await stopping;
  expect([evaluation.isBusy, evaluation.shown?.state]).toEqual([false, 'cancelled']);
});
