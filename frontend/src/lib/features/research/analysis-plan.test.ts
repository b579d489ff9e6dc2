import { describe, expect, it } from 'vitest';
import { faultsIn, namesIn, outlineOf, planFrom, standing } from './analysis-plan.ts';
import type { AnalysisPlanRead } from './shapes.ts';

const WORDS = {
  questions: 'Does it help?',
  primary: 'phq9_total',
  secondary: '',
  population: 'Everyone.',
  missing: 'Counted.',
  change: 'Five points.',
  reason: ''
};

describe('the outline of an analysis plan', () => {
  it('takes names apart by commas, spaces and lines, each once', () => {
    expect(namesIn(' phq9_total, posts\nposts;giving ')).toEqual(['phq9_total', 'posts', 'giving']);
  });

  it('asks for each section and a primary measure', () => {
    expect(Object.keys(faultsIn(outlineOf(), false)).sort()).toEqual(
      ['change', 'missing', 'population', 'primary', 'questions'].sort()
    );
    expect(faultsIn(WORDS, false)).toEqual({});
  });

  it('says which name is none, and which stands twice', () => {
    expect(faultsIn({ ...WORDS, primary: 'PHQ-9' }, false).primary).toContain('“PHQ-9”');
    expect(faultsIn({ ...WORDS, secondary: 'phq9_total' }, false).secondary).toContain('not both');
  });

  it('gives a reason once the study was frozen, and none before', () => {
    expect(faultsIn(WORDS, true)).toHaveProperty('reason');
    const reason = 'A measure was empty.';
    expect(planFrom({ ...WORDS, reason }, true).reason).toBe(reason);
    expect(planFrom({ ...WORDS, reason }, false).reason).toBeNull();
  });

  it('says where it stands', () => {
    const plan = (said: Partial<AnalysisPlanRead>, ...numbers: number[]) =>
      standing({
        is_frozen: false,
        in_force: null,
        departures: [],
        versions: numbers.map((version) => ({ version })) as AnalysisPlanRead['versions'],
        ...said
      });
    expect(plan({})).toContain('Nothing is planned yet');
    expect(plan({ is_frozen: true })).toContain('frozen before');
    expect(plan({}, 1)).toContain('Version 1 waits for a signature');
    expect(plan({ in_force: 1 }, 2, 1)).toContain('Until then version 1 holds');
    expect(plan({ in_force: 1 }, 1)).toContain('Version 1 is signed');
  });
});
