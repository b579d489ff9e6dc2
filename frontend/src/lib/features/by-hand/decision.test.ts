import { expect, it } from 'vitest';
import { Decision } from './decision.svelte.ts';
import type { PaperForm, PaperState } from './shapes.ts';

it('is open until every difference is decided, and sends what was decided', () => {
  const questions = ['a', 'b'].map((name) => ({
    name,
    kind: 'single',
    options: [0, 1, 2].map((code) => ({ code, label: '', stands_alone: false }))
  }));
  const state = {
    step: 'decide',
    days: ['2026-03-01', '2026-03-02'],
    differences: [
      { item: 'a', first: 1, second: null },
      { item: 'b', first: 0, second: 2 }
    ]
  } as PaperState;
  const decision = new Decision(state, { questionnaires: [{ questions }] } as unknown as PaperForm);
  expect(decision.open).toBe(3);
  decision.day = '2026-03-02';
  decision.chosen.set('a', 'second');
  expect(decision.open).toBe(1);
  decision.chosen.set('b', 'other');
  expect(decision.open).toBe(1);
  decision.typed.set('b', '9');
  expect(decision.open).toBe(1);
  decision.typed.set('b', '1');
  expect(decision.open).toBe(0);
  expect(decision.decided).toEqual({ a: null, b: 1 });
  decision.chosen.set('b', 'empty');
  expect([decision.open, decision.decided.b]).toEqual([0, null]);
});
