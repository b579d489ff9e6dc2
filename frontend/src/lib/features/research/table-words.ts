import { people as listed } from '#lib/text/words.ts';
import type { ProtectedTable } from './shapes.ts';

type Cell = ProtectedTable['cells'][number][number];
type Flag = ProtectedTable['flags'][number];

const dayMonthYear = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });

/** "3 March 2026" for a day that has no time. */
export const day = (date: string) => dayMonthYear.format(new Date(date));

const upper = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);

/** "with area: Wales" for everything that all the counted have in common. */
function filters({ where }: ProtectedTable): string {
  if (where.length === 0) return '';
  return ` (${where.map(({ label, value }) => `${label}: ${value.label}`).join('; ')})`;
}

/** The people the question is about. Groups that are held back are in no sum. */
function base({ base: number, cells }: ProtectedTable): string {
  if (number === null) return 'a group too small to tell';
  const all = cells.flat();
  const isWhole = all.every(({ of }) => of === null)
    ? all.every(({ value }) => value !== null)
    : all.every(({ of }) => of !== null);
  return `about ${number} people${isWhole ? '' : ' in groups large enough to show'}`;
}

/** The rows and columns with anyone in them; all, when there are none. */
export function filled(table: ProtectedTable): { rows: number[]; columns: number[] } {
  const places = (axis: Flag['axis'], length: number) => {
    const all = Array.from({ length }, (_, index) => index);
    const empty = table.flags.filter((one) => one.axis === axis && one.kind === 'empty');
    const rest = all.filter((at) => !empty.some(({ index }) => index === at));
    return rest.length ? rest : all;
  };
  return {
    rows: places('row', table.cells.length),
    columns: places('column', table.cells[0]?.length ?? 0)
  };
}

/** The groups by the size of their figure, the largest first; a tie says none. */
function largest(table: ProtectedTable): string {
  const found = table.cells.flatMap((row, at) =>
    row.map((cell, place) => ({ value: cell.value ?? 0, at, place }))
  );
  const [first, next] = found.toSorted((one, other) => other.value - one.value);
  if (!first || first.value === 0 || first.value === next?.value) return '';
  const names = [table.rows?.values[first.at]?.label, table.columns?.values[first.place]?.label];
  const name = names.filter((one) => one !== undefined).join(', ');
  return ` The largest figure is about ${first.value}: ${name}.`;
}

/** The answer in a sentence or two, before any table. */
export function answerWords(table: ProtectedTable): string {
  const axes = [table.rows?.label, table.columns?.label].filter((one) => one !== undefined);
  const only = table.cells[0]?.[0];
  if (axes.length) return `${split(table, axes)}${largest(table)}`;
  if (!only || only.value === null)
    return `${upper(base(table))}${filters(table)} are behind this, but the figure itself is held back.`;
  if (table.count === 'acts')
    return `Of ${base(table)}${filters(table)}, those who ${table.label} did so about ${only.value} times in all.`;
  if (only.of === null) return `About ${only.value} people${filters(table)} ${table.label}.`;
  const number = only.value === 0 ? 'nobody' : `about ${only.value}`;
  return `Of ${base(table)}${filters(table)}, ${number} ${table.label}.`;
}

function split(table: ProtectedTable, axes: string[]): string {
  const by = `by ${listed(axes)}`;
  if (table.count === 'acts')
    return `Here is how often those who ${table.label} did so, ${by}, among ${base(table)}${filters(table)}.`;
  const all = table.cells.flat().every(({ of }) => of === null);
  if (all && table.total !== null)
    return `${upper(base(table))}${filters(table)} ${table.label}. They are shown ${by}.`;
  return `Here is how many of ${base(table)}${filters(table)} ${table.label}, ${by}.`;
}

export const HELD_BACK = 'held back';

/** One cell as it is read aloud: the figure with its denominator, or that it is held back. */
export function cellWords({ value, of }: Cell, count: ProtectedTable['count']): string {
  if (value === null) return HELD_BACK;
  if (count === 'acts') return of ? `${value}, ${each(value, of)} a person` : String(value);
  return of ? `${value} of ${of}` : String(value);
}

/** How much that is for each person of the group, worked out from the two figures shown. */
export function each(value: number, of: number): string {
  const exact = value / of;
  return exact < 10 ? exact.toFixed(1) : String(Math.round(exact));
}

const REASONS = {
  few: 'too few people',
  dominated: 'one or two people did nearly all of it',
  beside: 'it would give away the one beside it'
} as const;

/** What was held back and why, a line for each reason. */
export function heldBack(table: ProtectedTable): string[] {
  const cells = table.cells.flat();
  if (table.redacted === 0) return [`None of the ${cells.length} figures had to be held back.`];
  const reasons = (Object.keys(REASONS) as (keyof typeof REASONS)[])
    .map((why) => ({ why, number: cells.filter((cell) => cell.why === why).length }))
    .filter(({ number }) => number > 0)
    .map(({ why, number }) => `${number} because ${REASONS[why]}`);
  const verb = table.redacted === 1 ? 'is' : 'are';
  return [`${table.redacted} of ${cells.length} figures ${verb} held back: ${listed(reasons)}.`];
}

const FLAGS = {
  all_in_one: 'everyone in it stands in one place, so the table says the same of each of them',
  everyone: 'nearly everyone in it is counted, so the table says the same of each of them'
} as const;

/** Where the table says something about a whole group. Groups without anyone are only counted. */
export function flagWords(table: ProtectedTable): string[] {
  const flags = table.flags.filter(({ axis }) => !table.rows || table[`${axis}s`]);
  const named = flags.flatMap((flag) =>
    flag.kind === 'empty' ? [] : [`${nameOf(table, flag)}: ${FLAGS[flag.kind]}.`]
  );
  const empty = flags.filter(({ kind }) => kind === 'empty').map((one) => nameOf(table, one));
  return empty.length ? [...named, `Nobody is in ${listed(empty)}.`] : named;
}

function nameOf(table: ProtectedTable, { axis, index }: Flag): string {
  const values = (axis === 'row' ? table.rows : table.columns)?.values;
  return values?.[index]?.label ?? 'All of them';
}
