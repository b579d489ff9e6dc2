import type { ProjectRead } from './shapes.ts';

type Released = ProjectRead['editions'][number];

/** Of each kind the newest, in the order in which they come, with the earlier ones behind it. */
export function newestOfEach(editions: Released[]): { newest: Released; earlier: Released[] }[] {
  const kinds = [...new Set(editions.map(({ kind }) => kind))];
  return kinds.map((kind) => {
    const all = editions.filter((one) => one.kind === kind);
    const [newest, ...earlier] = all.toSorted((one, other) => other.number - one.number);
    return { newest: newest as Released, earlier };
  });
}
