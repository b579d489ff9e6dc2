import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Problem } from '#lib/api/problem.ts';
import type { Post } from '#lib/api/shapes.ts';
import { post } from './post.fixture.ts';
import { Refresher } from './refresher.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function reading() {
  const answers: { resolve: (post: Post) => void; reject: (thrown: unknown) => void }[] = [];
  const done = vi.fn();
  const gone = vi.fn();
  const read = () => new Promise<Post>((resolve, reject) => void answers.push({ resolve, reject }));
  return { answers, done, gone, refresher: new Refresher(read, done, gone) };
}

const settled = () => vi.advanceTimersByTimeAsync(150);

it('lets nothing that was read before a withdrawal put the words back', async () => {
  const { answers, done, refresher } = reading();
  refresher.ask('p');
  await settled();
  refresher.overtake('p');
  answers[0]!.resolve(post('p'));
  await settled();
  expect(done).not.toHaveBeenCalled();
});

it('keeps the later of two readings, in whichever order they answer', async () => {
  const { answers, done, refresher } = reading();
  refresher.ask('p');
  await settled();
  refresher.ask('p');
  await settled();
  answers[1]!.resolve(post('p', { body_html: 'new' }));
  answers[0]!.resolve(post('p', { body_html: 'old' }));
  await settled();
  expect(done.mock.calls.map(([{ body_html }]) => body_html)).toEqual(['new']);
});

it('asks again for what could not be read, until it can', async () => {
  const { answers, done, refresher } = reading();
  refresher.ask('p');
  await settled();
  answers[0]!.reject(Problem.offline());
  await vi.advanceTimersByTimeAsync(4_000);
  expect(answers).toHaveLength(2);
  answers[1]!.resolve(post('p'));
  await settled();
  expect(done).toHaveBeenCalledOnce();
});

it('tells what is gone, and does not ask for it again', async () => {
  const { answers, gone, refresher } = reading();
  refresher.ask('p');
  await settled();
  answers[0]!.reject(new Problem({ status: 404 }));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(gone).toHaveBeenCalledWith('p');
  expect(answers).toHaveLength(1);
});
