import { expect, it } from 'vitest';
import { calendarDay, onDate, onDay, stamp, when, whenExactly } from './when';

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

it('names every day and month of a year as the browser does', () => {
  const long = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });
  const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'long' });
  for (let day = 1; day <= 366; day += 1) {
    const moment = new Date(2028, 0, day, 12);
    expect(onDate(moment)).toBe(long.format(moment));
    expect(onDay(moment)).toBe(`${weekday.format(moment)} ${onDate(moment).replace(' 2028', '')}`);
  }
});

it('says a moment to the minute', () => {
  expect(whenExactly(at(9, 7, 9, 5))).toBe('Monday 7 September 2026 at 9:05');
  expect(stamp(at(9, 7, 9, 5))).toBe('7 Sep 2026, 09:05');
});

it('says a day of the calendar as it is written, in every part of the world', () => {
  expect(calendarDay('2026-11-27')).toBe('27 November 2026');
});
