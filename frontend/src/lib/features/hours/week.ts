import { figure } from '#lib/text/figures.ts';
import type { TeamInterval } from '#lib/api/generated/types.gen.ts';

export type { TeamHours, TeamInterval, TeamTargets } from '#lib/api/generated/types.gen.ts';

export const WEEKDAYS = [
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
  'Sunday'
];

/** A time on one day, as the boxes hold it: "09:00" to "21:00". Midnight at the end is "00:00". */
export type Span = { from: string; to: string };
export type Week = Span[][];

const DAY = 1440;

export function clock(minutes: number): string {
  const hour = Math.floor((minutes % DAY) / 60);
  return `${String(hour).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

export function minutes(at: string): number | null {
  const found = /^(\d\d):(\d\d)/.exec(at);
  return found ? Number(found[1]) * 60 + Number(found[2]) : null;
}

export function weekOf(hours: TeamInterval[]): Week {
  return WEEKDAYS.map((_, weekday) =>
    hours
      .filter((each) => each.weekday === weekday)
      .map((each) => ({ from: clock(each.opens), to: clock(each.closes) }))
  );
}

/** What is wrong with a day, in a sentence; nothing when it can be saved. */
export function wrongWith(spans: Span[]): string | null {
  const found = spans.map(bounds).sort((one, other) => one.opens - other.opens);
  if (found.some(({ opens, closes }) => Number.isNaN(opens + closes)))
    return 'Fill in both times, or take them out.';
  if (found.some(({ opens, closes }) => opens >= closes))
    return 'Each time must end after it begins. For a night, end at midnight and go on the next day.';
  const meets = found.some((each, at) => at > 0 && each.opens < found[at - 1]!.closes);
  return meets ? 'Two of these times run into each other.' : null;
}

export function hoursOf(week: Week): TeamInterval[] {
  return week.flatMap((spans, weekday) => spans.map((span) => ({ weekday, ...bounds(span) })));
}

function bounds({ from, to }: Span): { opens: number; closes: number } {
  return { opens: minutes(from) ?? NaN, closes: minutes(to) === 0 ? DAY : (minutes(to) ?? NaN) };
}

const TARGETS = [15, 30, 60, 120, 240, 480, 720, 1440, 2880, 4320, 10_080];

/** The targets one can choose, and the present one if it is another. */
export function targetOptions(present: number): { value: string; label: string }[] {
  const all = TARGETS.includes(present) ? TARGETS : [...TARGETS, present];
  return all
    .sort((one, other) => one - other)
    .map((each) => ({ value: String(each), label: spanWords(each) }));
}

function spanWords(minutes: number): string {
  const [number, unit] =
    minutes % DAY === 0
      ? [minutes / DAY, 'day']
      : minutes % 60 === 0
        ? [minutes / 60, 'hour']
        : [minutes, 'minute'];
  return `${figure(number)} ${unit}${number === 1 ? '' : 's'}`;
}
