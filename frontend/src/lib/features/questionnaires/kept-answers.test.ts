import { expect, it, vi } from 'vitest';
import { Problem } from '#lib/api/index.ts';
import { KeptAnswers, keptWave } from './kept-answers.svelte.ts';
import type { PartWrite, WaveDetail } from './shapes.ts';

const ASKED = ['mood_1', 'mood_2', 'mood_3'];
const wave = {
  questionnaires: [
    {
      instrument: 'mood',
      language: 'en',
      wording_version: 2,
      questions: ASKED.map((name) => ({ name }))
    },
    { instrument: 'use', language: 'en', wording_version: 1 }
  ],
  answers: { mood_1: 0 }
} as unknown as WaveDetail;

function kept(send: (parts: PartWrite[]) => Promise<void>) {
  const found = new KeptAnswers('me', 'a-study', 1, send);
  found.wave ??= wave;
  return found;
}

const refusing = (type: string, status: number) => () =>
  Promise.reject(new Problem({ type, status, title: 'No', detail: 'Not so.' }));
const offline = () => Promise.reject(new TypeError('network'));

it('sends an answer at once, with the words it was given to', async () => {
  const send = vi.fn(() => Promise.resolve());
  const answers = kept(send);
  await answers.answer('mood', 'mood_1', 2, ASKED);
  expect(send).toHaveBeenCalledWith([
    { instrument: 'mood', language: 'en', wording_version: 2, answers: { mood_1: 2 } }
  ]);
  expect(answers.waiting).toEqual([]);
  expect(localStorage).toHaveLength(0);
});

it('keeps what could not be sent through a reload, with its questions, and sends it all', async () => {
  const answers = kept(offline);
  await answers.answer('mood', 'mood_1', 2, ASKED);
  await answers.answer('mood', 'mood_1', 3, ASKED);
  await answers.answer('use', 'use_1', [1], ['use_1']);
  expect(keptWave('me', 'a-study', 1)?.questionnaires).toHaveLength(2);
  expect(keptWave('someone else', 'a-study', 1)).toBeNull();
  const send = vi.fn((_: PartWrite[]) => Promise.resolve());
  const after = kept(send);
  expect(after.waiting).toHaveLength(2);
  await after.flushToServer();
  expect(send.mock.calls[0]![0].map(({ answers: sent }) => sent)).toEqual([
    { mood_1: 3 },
    { use_1: [1] }
  ]);
  expect(localStorage).toHaveLength(0);
});

it('sends no answer that a later one has made pointless', async () => {
  const answers = kept(offline);
  await answers.answer('mood', 'mood_2', 1, ASKED);
  await answers.answer('mood', 'mood_1', 0, ['mood_1', 'mood_3']);
  expect(answers.waiting.map(({ item }) => item)).toEqual(['mood_1']);
});

it.each(['not-taking-part', 'response-done', 'wave-not-open', 'questionnaires-not-agreed'])(
  'keeps nothing on the device once nothing is taken: %s',
  async (type) => {
    const answers = kept(refusing(type, 409));
    await answers.answer('mood', 'mood_1', 2, ASKED);
    expect(answers.ended?.problem.is(type)).toBe(true);
    expect(answers.ended?.lost.map(({ item }) => item)).toEqual(['mood_1']);
    expect(localStorage).toHaveLength(0);
  }
);

it('sends the others when one cannot be taken, and says why', async () => {
  const taken: object[] = [];
  const answers = kept((parts) => {
    const sent = parts[0]!.answers;
    if ('mood_2' in sent) return refusing('bad-answer', 422)();
    taken.push(sent);
    return Promise.resolve();
  });
  answers.waiting = [
    { instrument: 'mood', item: 'mood_2', answer: 9 },
    { instrument: 'mood', item: 'mood_1', answer: 1 }
  ];
  await answers.flushToServer();
  expect(taken).toEqual([{ mood_1: 1 }]);
  expect(answers.refused.map(({ one, problem }) => [one.item, problem.type])).toEqual([
    ['mood_2', 'bad-answer']
  ]);
  expect(answers.waiting).toEqual([]);
});

it.each([
  [401, 'not-signed-in'],
  [429, 'too-many'],
  [503, 'unavailable']
])('waits when it was not the answer that was wrong: %s', async (status, type) => {
  const answers = kept(refusing(type, status));
  await answers.answer('mood', 'mood_1', 2, ASKED);
  expect(answers.waiting).toHaveLength(1);
  answers.waiting = [];
  answers.save();
});

it('says when nobody was reached, until it is sent', async () => {
  let isOnline = false;
  const answers = kept(() => (isOnline ? Promise.resolve() : offline()));
  await answers.answer('mood', 'mood_1', 2, ASKED);
  expect([answers.isCutOff, answers.held('mood_1')]).toEqual([true, 2]);
  isOnline = true;
  await answers.flushToServer();
  expect([answers.isCutOff, answers.held('mood_1')]).toEqual([false, 2]);
});

it('sends a later answer to the same question after the one that is under way', async () => {
  const sent: object[] = [];
  const hold = Promise.withResolvers<void>();
  const answers = kept(async (parts) => {
    sent.push(parts[0]!.answers);
    if (sent.length === 1) await hold.promise;
  });
  const first = answers.answer('mood', 'mood_1', 1, ASKED);
  const second = answers.answer('mood', 'mood_1', 2, ASKED);
  hold.resolve();
  await Promise.all([first, second]);
  expect(sent).toEqual([{ mood_1: 1 }, { mood_1: 2 }]);
  expect(answers.held('mood_1')).toBe(2);
});

it('takes over what another tab of this device kept, and goes on with its own questions', async () => {
  const mine = kept(() => Promise.resolve());
  const other = kept(offline);
  await other.answer('mood', 'mood_1', 2, ASKED);
  expect(mine.adopt('alongside:draft:me:questionnaire:a-study:1')).toBe(true);
  expect(mine.held('mood_1')).toBe(2);
  await mine.flushToServer();
  expect(other.adopt('alongside:draft:me:questionnaire:a-study:1')).toBe(true);
  expect([other.waiting, other.wave?.questionnaires.length]).toEqual([[], 2]);
});

it('is done only when what is on its way has arrived', async () => {
  let arrive: () => void = () => undefined;
  const answers = kept(() => new Promise((resolve) => (arrive = resolve)));
  const first = answers.answer('mood', 'mood_1', 2, ASKED);
  const all = answers.flushToServer();
  arrive();
  await Promise.all([first, all]);
  expect(answers.waiting).toEqual([]);
});
