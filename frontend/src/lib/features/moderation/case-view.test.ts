import { expect, it, vi } from 'vitest';
import { Problem } from '#lib/api/problem.ts';
import { CaseView } from './case-view.svelte.ts';
import { leaseWords } from './lease.ts';
import { CaseQueue } from './queue.svelte.ts';
import type { Case, CaseDetail } from './shapes.ts';

const detail = (over: Partial<CaseDetail> = {}) =>
  ({ id: 'c', version: 1, state: 'open', claim: null, decisions: [], ...over }) as CaseDetail;

const body = { act: 'hide', reason: 'It told how to.', note_about: null, version: 1 } as const;

function opened(...answers: CaseDetail[]) {
  const queue = new CaseQueue('open', { readQueue: () => Promise.reject(Problem.offline()) });
  const source = {
    readCase: vi.fn(() => Promise.resolve(answers.shift() ?? detail())),
    claim: vi.fn(() => Promise.resolve({} as Case)),
    extend: vi.fn(() => Promise.resolve({} as Case)),
    release: vi.fn(() => Promise.resolve()),
    decide: vi.fn(),
    reachOut: vi.fn(),
    handOver: vi.fn()
  };
  return { view: new CaseView('c', queue, source), source };
}

it('reads the case again once it is claimed, with what can now be decided', async () => {
  const mine = { moderator_name: 'Sam', is_me: true, expires_at: '2027-01-01T00:00:00Z' };
  const { view } = opened(detail(), detail({ state: 'claimed', claim: mine }));
  await view.load();
  expect(await view.claim()).toBe(true);
  expect(view.detail?.claim).toEqual(mine);
});

it('shows what someone else decided, and says so', async () => {
  const { view, source } = opened(detail({ state: 'claimed' }), detail({ state: 'decided' }));
  source.decide.mockRejectedValue(new Problem({ type: 'already-decided', status: 409 }));
  await view.load();
  expect(await view.decide(body)).toBeUndefined();
  expect(view.ending).toBe('overtaken');
  expect(view.detail?.state).toBe('decided');
  expect(view.deciding.problem?.is('already-decided')).toBe(true);
});

it('reads the text again when it was edited meanwhile, and is not at its end', async () => {
  const { view, source } = opened(detail({ version: 1 }), detail({ version: 2 }));
  source.decide.mockRejectedValue(new Problem({ type: 'text-changed', status: 409 }));
  await view.load();
  await view.decide(body);
  expect(view.detail?.version).toBe(2);
  expect(view.ending).toBeNull();
});

it('leaves everything as it was when the line is gone', async () => {
  const { view, source } = opened(detail());
  source.decide.mockRejectedValue(Problem.offline());
  await view.load();
  await view.decide(body);
  expect(source.readCase).toHaveBeenCalledTimes(1);
  expect(view.deciding.problem?.isOffline).toBe(true);
});

it('follows the queue: a claim at once, a new flag when asked, a decision of another', async () => {
  const { view, source } = opened(detail(), detail({ state: 'decided' }));
  await view.load();
  const claim = { moderator_name: 'Sam', is_me: false, expires_at: '2027-01-01T00:00:00Z' };
  view.follow(detail({ state: 'claimed', claim }));
  expect(view.detail?.claim).toEqual(claim);
  view.follow(detail({ version: 2 }));
  expect(view.hasNews).toBe(true);
  expect(source.readCase).toHaveBeenCalledTimes(1);
  view.follow(detail({ state: 'decided' }));
  await vi.waitFor(() => expect(view.detail?.state).toBe('decided'));
  expect(view.ending).toBe('overtaken');
});

it('says that one does not have it any more when the queue no longer knows of its claim', async () => {
  const claim = { moderator_name: 'Sam', is_me: true, expires_at: '2027-01-01T00:00:00Z' };
  const { view } = opened(detail({ state: 'claimed', claim }));
  await view.load();
  view.follow(detail());
  expect(view.detail?.state).toBe('open');
  expect(view.detail?.claim?.is_me).toBe(true);
  expect(leaseWords(view.detail!.claim!, Date.now())).toContain('any more');
});

it('does not take the event of its own decision for the decision of another', async () => {
  const { view, source } = opened(detail({ state: 'claimed' }), detail({ state: 'decided' }));
  await view.load();
  source.decide.mockResolvedValue({ act: 'hide' });
  let finish = (_: CaseDetail) => undefined as void;
  source.readCase.mockReturnValueOnce(new Promise((resolve) => (finish = resolve)));
  const deciding = view.decide(body);
  await vi.waitFor(() => expect(source.readCase).toHaveBeenCalledTimes(2));
  view.follow(detail({ state: 'decided' }));
  finish(detail({ state: 'decided' }));
  await deciding;
  expect(view.ending).toBe('mine');
  expect(source.readCase).toHaveBeenCalledTimes(2);
});

it('finds its own decision when the answer was lost on the way', async () => {
  const made = { act: 'hide', reason: 'It told how to.' } as CaseDetail['decisions'][number];
  const { view, source } = opened(
    detail({ state: 'claimed' }),
    detail({ state: 'decided', decisions: [made] })
  );
  await view.load();
  source.decide.mockRejectedValue(Problem.offline());
  await view.decide(body);
  expect(view.ending).toBeNull();
  view.follow(detail({ state: 'decided' }));
  await vi.waitFor(() => expect(view.ending).toBe('mine'));
  expect(view.deciding.problem).toBeNull();
});

it('says so when someone else decided while an answer was missing', async () => {
  const made = { act: 'nothing', reason: 'It is fine as it is.' };
  const { view, source } = opened(
    detail({ state: 'claimed' }),
    detail({ state: 'decided', decisions: [made as CaseDetail['decisions'][number]] })
  );
  await view.load();
  source.decide.mockRejectedValue(Problem.offline());
  await view.decide(body);
  view.follow(detail({ state: 'decided' }));
  await vi.waitFor(() => expect(view.ending).toBe('overtaken'));
});

it('is decided also when the line is lost right after', async () => {
  const { view, source } = opened(detail({ state: 'claimed' }));
  await view.load();
  source.decide.mockResolvedValue({ id: 'd', act: 'hide' });
  source.readCase.mockRejectedValueOnce(Problem.offline());
  await view.decide(body);
  expect(view.detail?.state).toBe('decided');
  expect(view.detail?.decisions).toHaveLength(1);
});

it('is held only once what can be decided was read too, whatever the queue says first', async () => {
  const mine = { moderator_name: 'Sam', is_me: true, expires_at: '2027-01-01T00:00:00Z' };
  const { view, source } = opened(detail());
  await view.load();
  let answer: (read: CaseDetail) => void = () => undefined;
  source.readCase.mockReturnValueOnce(new Promise((resolve) => void (answer = resolve)));
  const claimed = view.claim();
  await vi.waitFor(() => expect(source.readCase).toHaveBeenCalledTimes(2));
  view.follow({ id: 'c', version: 1, state: 'claimed', claim: mine } as Case);
  expect(view.detail?.claim).toBeNull();
  answer(detail({ state: 'claimed', claim: mine }));
  await claimed;
  expect(view.detail?.claim).toEqual(mine);
});

it('shows what was done once the author was written to, with what was read', async () => {
  const step = { kind: 'reached_out', case_id: 'c' } as CaseDetail['steps'][number];
  const { view, source } = opened(detail({ version: 4 }), detail({ version: 4, steps: [step] }));
  source.reachOut.mockResolvedValue(step);
  await view.load();
  expect(await view.take('reached_out', 'We are here.')).toBe(true);
  expect(source.reachOut).toHaveBeenCalledWith('c', {
    words: 'We are here.',
    version: 4,
    revision: null
  });
  expect(view.detail?.steps).toEqual([step]);
});

it('is no news to whoever hands it over', async () => {
  const { view, source } = opened(detail({ version: 1 }), detail({ version: 2 }));
  await view.load();
  let finish: (made: unknown) => void = () => undefined;
  source.handOver.mockReturnValue(new Promise((resolve) => void (finish = resolve)));
  const taken = view.take('handed_over', 'Please look.');
  view.follow(detail({ version: 2 }));
  finish({});
  await taken;
  expect(view.hasNews).toBe(false);
  expect(view.detail?.version).toBe(2);
});

it('reads anew, and says why, when the author can no longer be reached', async () => {
  const { view, source } = opened(detail({ version: 1 }), detail({ version: 1 }));
  source.reachOut.mockRejectedValue(new Problem({ type: 'cannot-reach', status: 409 }));
  await view.load();
  expect(await view.take('reached_out', 'We are here.')).toBe(false);
  expect(source.readCase).toHaveBeenCalledTimes(2);
  expect(view.stepping.problem?.is('cannot-reach')).toBe(true);
});
