import { expect, it } from 'vitest';
import { Problem } from '#lib/api/problem.ts';
import { CaseQueue } from './queue.svelte.ts';
import type { Case, CasePage } from './shapes.ts';

const row = (id: string, over: Partial<Case> = {}) =>
  ({
    id,
    version: 1,
    state: 'open',
    is_worried: false,
    report_count: 1,
    worried_count: 0,
    is_appeal: false,
    is_premoderated: false,
    batch: null,
    opened_at: '2026-11-24T10:00:00Z',
    place: Number(id),
    claim: null,
    ...over
  }) as Case;

function source(...answers: (CasePage | Problem)[]) {
  const asked: (string | null | undefined)[] = [];
  return {
    asked,
    readQueue: (_state: string, cursor?: string | null) => {
      asked.push(cursor);
      const answer = answers.shift()!;
      return answer instanceof Problem ? Promise.reject(answer) : Promise.resolve(answer);
    }
  };
}

const page = (items: Case[], next_cursor: string | null = null): CasePage => ({
  items,
  next_cursor,
  position: '1-1'
});

it('reads as far as it was shown when something happens', async () => {
  const from = source(
    page([row('1')], 'a'),
    page([row('2')], 'b'),
    page([row('1')], 'a'),
    page([])
  );
  const queue = new CaseQueue('open', from);
  await queue.load();
  await queue.more();
  await queue.refresh();
  expect(from.asked).toEqual([undefined, 'a', null, 'a']);
  expect(queue.rows.map(({ id, state }) => `${id} ${state}`)).toEqual(['1 open', '2 decided']);
});

it('keeps the position of the first reading, from which the live events go on', async () => {
  const later = { ...page([row('1')]), position: '9-9' };
  const queue = new CaseQueue('open', source(page([]), later));
  await queue.load();
  await queue.load();
  expect(queue.position).toBe('1-1');
});

it('shows a worry that had waited at the top, once asked', async () => {
  const worry = row('5', { is_worried: true });
  const fresh = page([worry, row('1')]);
  const queue = new CaseQueue('open', source(page([row('1')]), fresh, fresh));
  await queue.load();
  await queue.refresh();
  expect(queue.waiting).toEqual([worry]);
  expect((await queue.showWaiting())?.id).toBe('5');
  expect(queue.rows.map(({ id }) => id)).toEqual(['5', '1']);
  expect(queue.waiting).toEqual([]);
});

it('lets newly decided cases wait above the ones that are shown', async () => {
  const queue = new CaseQueue(
    'decided',
    source(page([row('1', { state: 'decided' })]), page([row('2'), row('1')]))
  );
  await queue.load();
  await queue.refresh();
  expect(queue.rows.map(({ id }) => id)).toEqual(['1']);
  expect(queue.waiting.map(({ id }) => id)).toEqual(['2']);
});

it('keeps what is on screen when a reading fails', async () => {
  const broken = new Problem({ status: 500, detail: 'Something went wrong.' });
  const queue = new CaseQueue('open', source(page([row('1')]), Problem.offline(), broken));
  await queue.load();
  await queue.refresh();
  expect(queue.problem).toBeNull();
  await queue.refresh();
  expect(queue.problem?.status).toBe(500);
  expect(queue.rows).toHaveLength(1);
  expect(queue.state).toBe('ready');
});

it('lets the reading that was begun last count, in whichever order they answer', async () => {
  const answers: ((page: CasePage) => void)[] = [];
  const readQueue = () => new Promise<CasePage>((resolve) => void answers.push(resolve));
  const queue = new CaseQueue('open', { readQueue });
  const first = queue.load();
  answers[0]!(page([row('1')]));
  await first;
  const older = queue.refresh();
  const newer = queue.refresh();
  answers[2]!(page([row('5', { is_worried: true }), row('1')]));
  answers[1]!(page([row('1')]));
  await Promise.all([older, newer]);
  expect(queue.waiting.map(({ id }) => id)).toEqual(['5']);
});
