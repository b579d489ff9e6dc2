import type { EditionText } from './shapes.ts';

/** Markdown by the name of its section. */
export type Sections = Record<string, string>;

/** A text as its form holds it: flat, so that it can be kept as any other form's words are. */
export type TextWords = { based_on: number } & Record<`in:${string}`, string>;

const key = (name: string): `in:${string}` => `in:${name}`;

export function wordsOf(
  names: string[],
  { version, sections }: Pick<EditionText, 'version' | 'sections'>
): TextWords {
  return wordsFrom(names, version, sections);
}

export function wordsFrom(names: string[], based_on: number, sections: Sections): TextWords {
  const words = names.map((name) => [key(name), sections[name] ?? '']);
  return { based_on, ...Object.fromEntries(words) } as TextWords;
}

export function sectionsOf(names: string[], words: TextWords): Sections {
  return Object.fromEntries(names.map((name) => [name, words[key(name)] ?? '']));
}

const isSame = (one = '', other = '') => one.trim() === other.trim();

export const isSameText = (names: string[], one: Sections, other: Sections): boolean =>
  names.every((name) => isSame(one[name], other[name]));

/**
 * Two texts that began as one. Where one of both left a section as it was, the other's words stand;
 * where both wrote, mine stand and the section is named, so that theirs is shown beside it.
 */
export function merge(
  names: string[],
  base: Sections,
  mine: Sections,
  theirs: Sections
): { sections: Sections; both: string[] } {
  const sections: Sections = {};
  const both: string[] = [];
  for (const name of names) {
    const isMine = !isSame(mine[name], base[name]);
    sections[name] = (isMine ? mine[name] : theirs[name]) ?? '';
    const isTheirs = !isSame(theirs[name], base[name]);
    if (isMine && isTheirs && !isSame(mine[name], theirs[name])) both.push(name);
  }
  return { sections, both };
}
