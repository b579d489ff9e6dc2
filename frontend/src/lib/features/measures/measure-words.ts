import { figure, percentage, roughly } from '#lib/text/figures.ts';
import { count } from '#lib/text/words.ts';
import type {
  DeclaredMeasure,
  EvaluationShown,
  FoundCurve,
  FoundEstimate,
  FoundPart,
  FoundShare,
  MeasureChart
} from './shapes.ts';

export const HELD_BACK = 'held back';

/** How far the work has come, as a sentence. */
export function stateWords({ state, measures, results }: EvaluationShown): string {
  const done = `${figure(results.length)} of ${count(measures.length, 'measure')}`;
  switch (state) {
    case 'waiting':
      return 'It is waiting for its turn. The work goes on if you leave this page.';
    case 'running':
      return `${done} computed. The work goes on if you leave this page.`;
    case 'done':
      return `All ${count(measures.length, 'measure')} are computed.`;
    case 'cancelled':
      return `Stopped after ${done}.`;
    case 'failed':
      return `Something went wrong on our side after ${done}. You can begin again.`;
  }
}

export const isUnderWay = ({ state }: EvaluationShown) =>
  state === 'waiting' || state === 'running';

const PENCE = 100;
const DECIMALS = { points: 2, ratio: 3, times: 1 };
/** A wait of so many minutes or more is told in hours, where they are whole. */
const LONG_WAIT = 360;
const HOUR = 60;

/** A value in its unit: "£1,203", "0.42", "14 days". */
export function valueWords(value: number, unit: FoundEstimate['unit']): string {
  switch (unit) {
    case 'share':
      return percentage(Math.round(value * 100));
    case 'pence':
      return `${value < 0 ? '−' : ''}£${figure(Math.abs(value) / PENCE)}`;
    case 'days':
      return `${roughly(value)} days`;
    case 'minutes':
      return value >= LONG_WAIT && value % HOUR === 0
        ? `${figure(value / HOUR)} hours`
        : `${figure(value)} minutes`;
    default:
      return even(value, DECIMALS[unit]);
  }
}

/** With all its decimals, so that numbers below each other are alike. */
function even(value: number, decimals: number): string {
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return value.toLocaleString('en-GB', { ...digits, signDisplay: 'negative' }).replace('-', '−');
}

export function intervalWords({ low, high, unit }: FoundEstimate): string {
  if (low === null || high === null) return '';
  return `${valueWords(low, unit)} to ${valueWords(high, unit)}`;
}

/** A row of the table of figures, for an estimate or a share alike. */
export type FigureRow = {
  name: string;
  label: string;
  value: string | null;
  interval: string;
  people: number | null;
  why: string;
};

export function figureRow(part: FoundEstimate | FoundShare): FigureRow {
  const { name, label, why } = part;
  if (part.kind === 'share') {
    const value = part.percent === null ? null : percentage(part.percent);
    return { name, label, value, interval: '', people: part.of, why };
  }
  const value = part.value === null ? null : valueWords(part.value, part.unit);
  return { name, label, value, interval: intervalWords(part), people: part.people, why };
}

type Figures = { kind: 'figures'; rows: FigureRow[] };

/** What stands together, beside its chart where it has one. */
export type Block = {
  shown: Figures | Exclude<FoundPart, FoundEstimate | FoundShare>;
  chart?: MeasureChart;
};

/** Figures of one chart stand in one table, as do others that follow one another; tables and curves
 * stand by themselves. */
export function blocks(parts: FoundPart[], charts: MeasureChart[] = []): Block[] {
  const found: Block[] = [];
  for (const part of parts) {
    const chart = charts.find((one) => one.parts.includes(part.name));
    if (part.kind !== 'estimate' && part.kind !== 'share') found.push({ shown: part, chart });
    else rowsOf(found, chart).push(figureRow(part));
  }
  return found;
}

/** The rows of the figures of a chart, or of those that come last. */
function rowsOf(found: Block[], chart: MeasureChart | undefined): FigureRow[] {
  const into = chart ? found.find((one) => one.chart === chart) : found.at(-1);
  if (into?.shown.kind === 'figures' && into.chart === chart) return into.shown.rows;
  const rows: FigureRow[] = [];
  found.push({ shown: { kind: 'figures', rows }, chart });
  return rows;
}

/** As many figures as are read at a glance: they come first, and follow-up before all. */
const AT_A_GLANCE = 4;

/** The first figures that don't stand beside the chart that is shown with them. */
export function firstFigures(parts: FoundPart[], chart?: MeasureChart): FigureRow[] {
  return parts
    .filter(({ name }) => !chart?.parts.includes(name))
    .filter((part) => part.kind === 'estimate' || part.kind === 'share')
    .slice(0, AT_A_GLANCE)
    .map(figureRow);
}

/** What a fold holds: "All that was found: 12 figures, 3 tables, 1 curve". */
export function foundWords(parts: FoundPart[], isRest = false): string {
  const of = (...kinds: FoundPart['kind'][]) =>
    parts.filter(({ kind }) => kinds.includes(kind)).length;
  const told = [
    [of('estimate', 'share'), 'figure'],
    [of('table', 'counts'), 'table'],
    [of('curve'), 'curve']
  ] as const;
  const words = told.filter(([number]) => number > 0).map(([number, one]) => count(number, one));
  return `${isRest ? 'What else' : 'All that'} was found: ${words.join(', ')}`;
}

/** Each rule once. */
export const rulesOf = (parts: FoundPart[]) => [...new Set(parts.map(({ rule }) => rule))];

export const sentence = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);

/** What a curve says, for who does not see it. */
export function curveWords({ points, people }: FoundCurve): string {
  const last = points.at(-1);
  if (!last || people === null) return '';
  return `Of about ${count(people, 'person', 'people')} at the beginning, ${percentage(last.percent)} are left after ${count(last.day, 'day')}.`;
}

/** The parts of a definition, in the order in which they are read. */
export function definitionRows(measure: DeclaredMeasure): [string, string][] {
  const rows: [string, string][] = [
    ['What is counted', measure.numerator],
    ['Out of what', measure.denominator],
    ['Time', measure.window],
    ['Base', measure.base],
    ['Who can be counted when', measure.risk_set],
    ['Who was here before', measure.left_truncation],
    ['Left out', measure.left_out.join(' ')],
    ['Computed from', SOURCES[measure.source]],
    ['Source', measure.citation]
  ];
  return rows.filter(([, words]) => words);
}

const SOURCES = {
  exact: 'Exact rows, which stay inside.',
  banded: 'The file in bands that may leave, so something is lost.'
} as const;
