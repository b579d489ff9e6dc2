import { expect, it } from 'vitest';
import { when } from './when';

const now = new Date(2026, 10, 24, 15, 30);
const at = (month: number, day: number, hour: number, minute = 0, year = 2026) =>
  new Date(year, month - 1, day, hour, minute);

it.each([
  [at(11, 24, 15, 30), 'just now'],
  [at(11, 24, 15, 28, 2026), '2 minutes ago'],
  [at(11, 24, 15, 29), 'a minute ago'],
  [at(11, 24, 14, 31), '59 minutes ago'],
  [at(11, 24, 13), 'this afternoon'],
  [at(11, 24, 9), 'this morning'],
  [at(11, 24, 3), 'in the night'],
  [at(11, 23, 22), 'last night'],
  [at(11, 23, 14), 'yesterday afternoon'],
  [at(11, 23, 9), 'yesterday morning'],
  [at(11, 22, 9), 'on Sunday'],
  [at(11, 17, 16), '17 November'],
  [at(3, 12, 9), '12 March'],
  [at(3, 12, 9, 0, 2025), '12 March 2025']
])('says %s as "%s"', (moment, words) => {
  expect(when(moment, now)).toBe(words);
});

it('takes a clock that is a little ahead for now', () => {
  expect(when(at(11, 24, 15, 31), now)).toBe('just now');
});
