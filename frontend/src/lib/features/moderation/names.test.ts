import { expect, it } from 'vitest';
import { logWords, presentTitle } from './names.ts';
import type { LogLine } from './shapes.ts';

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
