import { figure } from './figures.ts';

/** Letters of the scripts that are read from the right. */
const FROM_THE_RIGHT =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** What someone wrote inside a sentence of ours, so that it never turns the words around it. */
export function isolated(written: string): string {
  return FROM_THE_RIGHT.test(written) ? `\u2068${written}\u2069` : written;
}

/** "Rowan", "Rowan and Sky", "Rowan, Sky and 3 others". */
export function people(names: string[], more = 0): string {
  const rest = more === 0 ? [] : [more === 1 ? '1 other' : `${figure(more)} others`];
  const all = [...names.map(isolated), ...rest];
  if (all.length < 2) return all.join('');
  return `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${figure(number)} ${number === 1 ? one : many}`;
}
