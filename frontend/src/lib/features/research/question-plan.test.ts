import { expect, it } from 'vitest';
import { earlier, faultsOf, planOf, wordsOf, type PlanWords } from './question-plan.svelte.ts';
import type { QuestionPlanRead } from './shapes.ts';

const plan: QuestionPlanRead = {
  is_planned: true,
  opens_at: '09:00:00',
  window_days: 28,
  late_days: 14,
  reminders: 2,
  reminder_days: 7,
  waves: [1, 2].map((wave) => ({
    wave,
    title: `Wave ${wave}`,
    week: 13 * (wave - 1),
    opens_on: null,
    instruments: wave === 1 ? [{ name: 'phq9', version: 1, title: 'PHQ-9', minutes: 3 }] : []
  }))
};
const words = (more: Partial<PlanWords> = {}): PlanWords => ({ ...wordsOf(plan), ...more });

it('is the plan again when nothing was changed', () => {
  expect(planOf(plan, words())).toEqual({
    opens_at: '09:00',
    window_days: 28,
    late_days: 14,
    reminders: 2,
    reminder_days: 7,
    waves: [
      { wave: 1, instruments: ['phq9'] },
      { wave: 2, instruments: [] }
    ]
  });
});

it('says what stands in the way, beside its field', () => {
  expect(faultsOf(words())).toEqual({});
  expect(faultsOf(words({ asked: [[], []] })).asked).toContain('at least one instrument');
  expect(faultsOf(words({ window: '2' })).window).toContain('from 3 to 56');
  expect(faultsOf(words({ late: 'x' })).late).toContain('from 0 to 28');
  expect(faultsOf(words({ apart: '14' })).apart).toContain('after the window has closed');
  expect(faultsOf(words({ apart: '1' })).apart).toContain('from 3 to 28');
  expect(faultsOf(words({ reminders: '0', apart: '' }))).toEqual({});
});

it('asks an instrument earlier', () => {
  expect(earlier(['a', 'b', 'c'], 'c')).toEqual(['a', 'c', 'b']);
  expect(earlier(['a', 'b'], 'a')).toEqual(['a', 'b']);
});
