import { figure } from '#lib/text/figures.ts';
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
function base({ base: number, cells, rows }: ProtectedTable): string {
  if (number === null) return 'a group too small to tell';
  const all = cells.flat();
  const isOf = all.some(({ of }) => of !== null);
  const isWhole = !rows || all.every(({ of, value }) => (isOf ? of : value) !== null);
  return `about ${figure(number)} people${isWhole ? '' : ' (in groups large enough to show)'}`;
}

/**
 * The rows and columns of which something is shown; all, when there are none. A table of one
 * column is short enough to be seen whole.
 */
export function filled({ cells, columns: axis }: ProtectedTable): {
  rows: number[];
  columns: number[];
} {
  const places = (lines: Cell[][]) => {
    const all = lines.map((_, index) => index);
    const some = all.filter((at) => lines[at]?.some(({ value }) => value !== null));
    return some.length ? some : all;
  };
  const columns = (cells[0] ?? []).map((_, place) => cells.flatMap((row) => row[place] ?? []));
  return { rows: axis ? places(cells) : cells.map((_, at) => at), columns: places(columns) };
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
  return ` The largest figure is about ${figure(first.value)}: ${name}.`;
}

/** The answer in a sentence or two, before any table. */
export function answerWords(table: ProtectedTable): string {
  const axes = [table.rows?.label, table.columns?.label].filter((one) => one !== undefined);
  const only = table.cells[0]?.[0];
  if (axes.length) return `${split(table, axes)}${largest(table)}`;
  if (!only || only.value === null)
    return `${upper(base(table))}${filters(table)} are behind this, but the figure itself is held back.`;
  if (table.count === 'acts')
    return `Of ${base(table)}${filters(table)}, those who ${table.label} did so about ${figure(only.value)} times in all.`;
  if (only.of === null)
    return `About ${figure(only.value)} people${filters(table)} ${table.label}.`;
  return `Of ${base(table)}${filters(table)}, about ${figure(only.value)} ${table.label}.`;
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
export function cellWords(
  { value, of }: Pick<Cell, 'value' | 'of'>,
  count: ProtectedTable['count']
): string {
  if (value === null) return HELD_BACK;
  if (count === 'acts') return of ? `${figure(value)}, ${each(value, of)} a person` : figure(value);
  return of ? `${figure(value)} of ${figure(of)}` : figure(value);
}

/** How much that is for each person of the group, worked out from the two figures shown. */
export function each(value: number, of: number): string {
  const exact = value / of;
  return exact < 10 ? exact.toFixed(1) : figure(exact);
}

const REASONS = {
  people: 'fewer than 8 people, or none, or it would give away another that is',
  acts: 'done by fewer than 10 people, or mostly by one or two, or it would give away another that is'
} as const;

/** What was held back and why, with the groups of which nothing is shown. */
export function heldBack(table: ProtectedTable): string[] {
  const all = table.cells.flat().length;
  if (table.redacted === 0)
    return [all === 1 ? 'The figure is shown.' : `All ${figure(all)} figures are shown.`];
  const verb = table.redacted === 1 ? 'is' : 'are';
  const first = `${figure(table.redacted)} of ${figure(all)} figures ${verb} held back: ${REASONS[table.count]}.`;
  const kept = filled(table);
  const left = [
    ...names(table.rows).filter((_, at) => !kept.rows.includes(at)),
    ...names(table.columns).filter((_, at) => !kept.columns.includes(at))
  ];
  return left.length ? [first, `Nothing can be shown of ${listed(left)}.`] : [first];
}

const names = (axis: ProtectedTable['rows']) => axis?.values.map(({ label }) => label) ?? [];

const FLAGS = {
  all_in_one: 'only one figure is shown, and nearly everyone may be in it',
  everyone: 'nearly everyone in it is counted, so the table says the same of each of them'
} as const;

/** Where the table says something about a whole group. */
export function flagWords(table: ProtectedTable): string[] {
  return table.flags
    .filter(({ axis }) => !table.rows || table[`${axis}s`])
    .map((flag) => `${nameOf(table, flag)}: ${FLAGS[flag.kind]}.`);
}

function nameOf(table: ProtectedTable, { axis, index }: Flag): string {
  return names(axis === 'row' ? table.rows : table.columns)[index] ?? 'All of them';
}
