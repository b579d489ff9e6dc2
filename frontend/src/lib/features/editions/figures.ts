import type { FigureRead } from './shapes.ts';

/** The figures in which every word that is looked for stands somewhere. */
export function matching(figures: FigureRead[], words: string): FigureRead[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return figures.filter(({ name, label, sentence }) => {
    const all = `${name} ${name.replaceAll(/[._]/g, ' ')} ${label} ${sentence}`.toLowerCase();
    return wanted.every((word) => all.includes(word));
  });
}

/** As a number in a line, or on a line of its own as the whole table with its sentence. */
export type Way = 'number' | 'table';

type Selection = { start: number; end: number };

/** A text with a figure put in where the cursor is, and where the cursor is then. */
export function putIn(
  text: string,
  { start, end }: Selection,
  name: string,
  way: Way
): { text: string; cursor: number } {
  const [before, after] = [text.slice(0, start), text.slice(end)];
  const put = way === 'number' ? inLine(before, name, after) : alone(before, name, after);
  return { text: before + put + after, cursor: before.length + put.length };
}

function inLine(before: string, name: string, after: string): string {
  const left = before === '' || /[\s(]$/.test(before) ? '' : ' ';
  const right = after === '' || /^[\s.,;:)?]/.test(after) ? '' : ' ';
  return `${left}[[${name}]]${right}`;
}

/** Between empty lines, as a paragraph stands. */
function alone(before: string, name: string, after: string): string {
  const left =
    before === '' || before.endsWith('\n\n') ? '' : before.endsWith('\n') ? '\n' : '\n\n';
  const right = after.startsWith('\n\n') ? '' : after.startsWith('\n') ? '\n' : '\n\n';
  return `${left}[[${name}]]${after === '' ? '\n\n' : right}`;
}
