import { figure, percentage, roughly } from '#lib/text/figures.ts';
import { count } from '#lib/text/words.ts';
import type {
  DeclaredMeasure,
  EvaluationShown,
  FoundCurve,
  FoundEstimate,
  FoundPart,
  FoundShare
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
      return `${figure(value)} minutes`;
    case 'times':
      return roughly(value);
    default:
      return plain(value);
  }
}

function plain(value: number): string {
  return value.toLocaleString('en-GB', { maximumFractionDigits: 3 }).replace('-', '−');
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

/** Figures that follow one another stand in one table; tables and curves stand by themselves. */
export type Block =
  | { kind: 'figures'; rows: FigureRow[]; rules: string[] }
  | Exclude<FoundPart, FoundEstimate | FoundShare>;

export function blocks(parts: FoundPart[]): Block[] {
  const found: Block[] = [];
  for (const part of parts) {
    if (part.kind !== 'estimate' && part.kind !== 'share') {
      found.push(part);
      continue;
    }
    const last = found.at(-1);
    const into =
      last?.kind === 'figures' ? last : { kind: 'figures' as const, rows: [], rules: [] };
    if (into !== last) found.push(into);
    into.rows.push(figureRow(part));
    if (!into.rules.includes(part.rule)) into.rules.push(part.rule);
  }
  return found;
}

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
    ['Computed from', DOORS[measure.door]],
    ['Source', measure.citation]
  ];
  return rows.filter(([, words]) => words);
}

const DOORS = {
  exact: 'Exact rows, which stay inside.',
  banded: 'The file in bands that may leave, so something is lost.'
} as const;
