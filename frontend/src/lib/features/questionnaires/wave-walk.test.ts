import { expect, it } from 'vitest';
import type { PartWrite, Question, UnshownWaveDetail } from './shapes.ts';
import { Walk } from './wave-walk.svelte.ts';

const question = (name: string, kind: Question['kind'] = 'single') => ({
  name,
  kind,
  options: [],
  show_if: null,
  shows_help: [],
  most: 9
});
const wave = (done: string[] = []) =>
  ({
    questionnaires: [
      { instrument: 'a', language: 'en', wording_version: 1, questions: [question('a1')] },
      {
        instrument: 'b',
        language: 'en',
        wording_version: 1,
        questions: [question('b1', 'number'), question('b2')]
      }
    ],
    done
  }) as unknown as UnshownWaveDetail;

it('sends what was passed, each state once, and goes on to the next questionnaire', async () => {
  const sent: PartWrite[] = [];
  const walk = new Walk(wave(), async (part) => sent.push(part));
  walk.response?.begin();
  await walk.save();
  expect(sent).toEqual([]);
  walk.response?.answer(walk.response.asked[0]!, 2);
  walk.response?.next();
  await walk.save();
  await walk.save();
  expect(sent.map((part) => part.answers)).toEqual([{ a1: 2 }]);
  expect(walk.isLast).toBe(false);
  walk.next();
  walk.response?.begin();
  walk.response?.answer(walk.response.asked[0]!, ' 7 ');
  walk.response?.next();
  await walk.save();
  expect(sent[1]?.answers).toEqual({ b1: 7 });
  walk.response?.skip();
  await walk.save();
  expect(sent[2]?.answers).toEqual({ b1: 7, b2: null });
  expect(walk.isLast).toBe(true);
});

it('leaves out what is done and sends again what was not taken', async () => {
  let isDown = true;
  const sent: PartWrite[] = [];
  const walk = new Walk(wave(['a']), async (part) => {
    if (isDown) throw new Error('down');
    sent.push(part);
  });
  walk.response?.begin();
  walk.response?.answer(walk.response.asked[0]!, '1');
  walk.response?.next();
  await walk.save();
  expect([walk.problem === null, sent.length]).toEqual([false, 0]);
  isDown = false;
  await walk.save();
  expect([walk.problem, sent.length]).toEqual([null, 1]);
});
