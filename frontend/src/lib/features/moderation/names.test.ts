import { expect, it } from 'vitest';
import { logWords, peopleWords, presentTitle, waitingWords } from './names.ts';
import type { LogLine } from './shapes.ts';

const row = {
  is_worried: false,
  is_appeal: false,
  is_premoderated: false,
  report_count: 1,
  worried_count: 0,
  reasons: []
};

it.each([
  [{ reasons: ['hurtful' as const] }, '1 person says: hurtful'],
  [
    { report_count: 3, reasons: ['spam' as const, 'hurtful' as const] },
    '3 people say: advertising, hurtful'
  ],
  [{ is_worried: true, worried_count: 1 }, 'Someone is worried'],
  [{ is_worried: true, worried_count: 2, report_count: 3 }, '2 people are worried'],
  [{ report_count: 0 }, 'Opened by a moderator'],
  [{ report_count: 0, is_premoderated: true }, 'Held for a look'],
  [{ report_count: 0, is_appeal: true }, 'An appeal']
])('a row with %o', (over, words) => {
  expect(peopleWords({ ...row, ...over })).toBe(words);
});

it.each([
  [{ cases: 0, people: 0, worried: 0 }, 'No case waits.'],
  [{ cases: 1, people: 1, worried: 0 }, '1 case waits, flagged by 1 person.'],
  [
    { cases: 12, people: 9, worried: 2 },
    '12 cases wait, flagged by 9 people. In 2 of them someone is worried.'
  ],
  [
    { cases: 100, people: 37, worried: 2 },
    '100 cases or more wait. In 2 of them someone is worried.'
  ]
])('how much waits: %o', (totals, words) => {
  expect(waitingWords({ ...totals, handed_over: 0 })).toBe(words);
});

it.each([
  [0, false, false, 'As it is now'],
  [1, false, true, 'Unchanged since it was flagged'],
  [1, true, true, 'As it is now, and as it was when flagged'],
  [1, true, false, 'As it is now']
])('says of the present text no more than is so (%i flags)', (flags, former, same, title) => {
  expect(presentTitle(flags, former, same)).toBe(title);
});

it('says that a case was opened, for nobody knows whether it was read', () => {
  expect(logWords({ act: 'seen', facts: {} } as unknown as LogLine)).toBe('opened it.');
});
