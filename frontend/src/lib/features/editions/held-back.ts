import { figure } from '#lib/text/figures.ts';
import { count } from '#lib/text/words.ts';
import type { FigureRead } from './shapes.ts';

export type HeldBack = { name: string; label: string; words: string };

/** Of each figure what the rule took, in words; those that are whole are not in it. */
export function heldBack(figures: FigureRead[]): HeldBack[] {
  return figures.flatMap(({ name, label, part }) => {
    const words = part ? wordsOf(part) : '';
    return words ? [{ name, label, words }] : [];
  });
}

function wordsOf(part: NonNullable<FigureRead['part']>): string {
  if (part.why) return part.why;
  switch (part.kind) {
    case 'table':
      return part.held_back ? count(part.held_back, 'cell') : '';
    case 'counts': {
      const missing = part.people.filter((people) => people === null).length;
      return missing ? count(missing, 'count') : '';
    }
    default:
      return '';
  }
}

export function heldBackWords(all: number, taken: HeldBack[]): string {
  if (taken.length === 0) return `Nothing was held back of its ${count(all, 'figure')}.`;
  return `Of ${count(all, 'figure')} in the dataset, ${figure(taken.length)} ${taken.length === 1 ? 'is' : 'are'} held back, whole or in part.`;
}
