import { figure } from './figures.ts';

/**
 * How long a text is as the server counts: whole characters of the text it keeps, not the units
 * that a browser's `length` and `maxlength` count, by which one 🌱 is two.
 */
export function lengthOf(text: string): number {
  return [...text.replace(/\r\n?/g, '\n').normalize('NFC').trim()].length;
}

/** What to say when the end is near or passed; nobody is counted at while they write. */
export function charactersLeft(length: number, limit: number, over: string): string | null {
  if (length <= limit * 0.9) return null;
  const room = limit - length;
  const left = `${figure(Math.abs(room))} ${Math.abs(room) === 1 ? 'character' : 'characters'}`;
  return room >= 0
    ? `There is room for ${left.replace(' ', ' more ')}.`
    : `That is ${left} too many. ${over}`;
}
