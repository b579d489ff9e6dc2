import { expect, it } from 'vitest';
import { agreementOf, requestsFor, standingOf, today } from './releases.ts';
import type { Agreement, Release } from './shapes.ts';

const agreement = { id: 'a', ends_on: '2026-12-31' } as Agreement;
const release = (over: Partial<Release> = {}): Release => ({
  id: 'r',
  dataset_id: 'd',
  file: 'acts',
  agreement_id: 'a',
  note: '',
  is_mine: false,
  requested_at: '2026-11-27T10:00:00Z',
  decision: null,
  ...over
});
const decided = (decision: 'released' | 'refused') =>
  release({ decision: { decision, note: 'Looked at.', decided_at: '2026-11-28', attack: {} } });

it.each([
  [release(), '2026-12-01', 'waits'],
  [decided('refused'), '2026-12-01', 'refused'],
  [decided('released'), '2026-12-01', 'released'],
  [decided('released'), '2026-12-31', 'released'],
  [decided('released'), '2027-01-01', 'ended']
] as const)('stands as it was decided, until the agreement runs out: %#', (one, day, standing) => {
  expect(standingOf(one, agreement, day)).toBe(standing);
});

it('never ends without an agreement', () => {
  expect(standingOf({ ...decided('released'), agreement_id: null }, null, '2030-01-01')).toBe(
    'released'
  );
});

it('finds what was asked of one file of one dataset, and under which agreement', () => {
  const periods = release({ id: 'p', file: 'periods', agreement_id: null });
  const all = [release(), periods, release({ id: 'o', dataset_id: 'other' })];
  expect(requestsFor(all, 'd', 'acts').map(({ id }) => id)).toEqual(['r']);
  expect(agreementOf(release(), [agreement])).toBe(agreement);
  expect(agreementOf(periods, [agreement])).toBeNull();
});

it('counts the day where the programme lives', () => {
  expect(today(new Date('2026-07-01T23:30:00Z'))).toBe('2026-07-02');
});
