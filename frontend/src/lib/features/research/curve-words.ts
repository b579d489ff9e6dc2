import { figure } from '#lib/text/figures.ts';
import { calendarDay } from '#lib/text/when.ts';
import type { ProtectedTable, Recruitment } from './shapes.ts';
import { aboutWords } from './words.ts';

/** A figure along a curve, and the people it is a part of. Null is held back. */
export type Point = { label: string; value: number | null; of: number | null };

/** Who joined, and of how many who looked; the figures are the lower ends of what is told. */
export function recruitmentWords({ points, looked }: Recruitment): string {
  const last = points.at(-1);
  if (!last) return 'The curve begins when the first week since the study opened is over.';
  const of =
    looked === null ? '' : `, of ${aboutWords(looked)} who have looked at the study so far`;
  return `By the end of week ${last.week}, on ${calendarDay(last.ended_on)}, ${aboutWords(last.people)} people had joined${of}.`;
}

export const WHY_JOINED =
  'Everyone who joined is counted, also if they stopped or had everything erased since. Only weeks that are over are told, and figures are rounded down to a multiple of 5.';

export function recruitmentPoints({ points }: Recruitment): Point[] {
  return points.map(({ week, people }) => ({ label: `week ${week}`, value: people, of: null }));
}

export function activityPoints(table: ProtectedTable): Point[] {
  return table.cells.map(([cell], at) => ({
    label: table.rows?.values[at]?.label ?? '',
    value: cell?.value ?? null,
    of: cell?.of ?? null
  }));
}

/** The first and the last week of which something is told, each with the people there were. */
export function activityWords(table: ProtectedTable): string {
  const told = activityPoints(table).filter(({ value, of }) => value !== null && of !== null);
  const [first, last] = [told[0], told.at(-1)];
  if (!first || !last) return 'Too few people did something in any week to tell how many.';
  const begin = `In ${first.label} since they joined, about ${figure(first.value!)} of ${figure(first.of!)} people did something here`;
  if (first === last) return `${begin}.`;
  return `${begin}; in ${last.label}, about ${figure(last.value!)} of ${figure(last.of!)}.`;
}

export const NO_ACTIVITY =
  'The curve begins when ten people have agreed to a record of what they do, and have been there for a week.';

/** Where the axis ends: the next round number. */
export function top(points: Point[]): number {
  const most = Math.max(10, ...points.map(({ value, of }) => Math.max(value ?? 0, of ?? 0)));
  const step = 10 ** Math.floor(Math.log10(most));
  return (
    [1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10]
      .map((part) => part * step)
      .find((end) => end >= most) ?? most
  );
}

export type Spot = { x: number; y: number };

/** The parts of a curve between what is held back: nothing is drawn there, not even a line over it. */
export function runs(
  figures: (number | null)[],
  at: (place: number, value: number) => Spot
): Spot[][] {
  const found: Spot[][] = [];
  let current: Spot[] = [];
  for (const [place, value] of figures.entries()) {
    if (value !== null) {
      if (current.length === 0) found.push(current);
      current.push(at(place, value));
    } else if (current.length) current = [];
  }
  return found;
}
