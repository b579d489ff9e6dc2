import { describe, expect, it } from 'vitest';
import { pattern, type Pattern } from './pattern.ts';

/** As ids are: a common time in front, and the rest by chance, here from a fixed row. */
function ids(many: number): string[] {
  let state = 20261127;
  const hex = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state.toString(16).padStart(8, '0');
  };
  return Array.from(
    { length: many },
    () => `019ac5d2-7000-7${hex().slice(0, 3)}-8${hex().slice(0, 3)}-${hex()}${hex().slice(0, 4)}`
  );
}

/** What one remembers of a picture: its colours and its figure, without the small marks. */
const rough = ({ ground, figureHue, isDeep, figure, turn }: Pattern) =>
  JSON.stringify([ground, figureHue, isDeep, figure, turn]);

/** In how many ways two pictures differ. */
function differences(one: Pattern, other: Pattern): number {
  const keys = Object.keys(one) as (keyof Pattern)[];
  return keys.filter((key) => JSON.stringify(one[key]) !== JSON.stringify(other[key])).length;
}

describe('the picture of a member', () => {
  it('is always the same', () => {
    const [id] = ids(1) as [string];
    expect(pattern(id)).toEqual(pattern(id));
  });

  it('is like no other among 1,000, and like few when only glanced at', () => {
    const drawn = ids(1_000).map(pattern);
    expect(new Set(drawn.map((each) => JSON.stringify(each))).size).toBeGreaterThanOrEqual(999);
    expect(new Set(drawn.map(rough)).size).toBeGreaterThan(950);
  });

  it('is not like that of the next id, whichever sign of it is another', () => {
    const [id] = ids(1) as [string];
    const next = [...id].flatMap((sign, at) =>
      sign === '-' ? [] : [`${id.slice(0, at)}${sign === '0' ? '1' : '0'}${id.slice(at + 1)}`]
    );
    const row = Array.from({ length: 1_000 }, (_, at) =>
      pattern(`019ac5d2-${String(at).padStart(4, '0')}`)
    );
    const pairs = [
      ...next
        .filter((other) => other !== id)
        .map((other) => [pattern(id), pattern(other)] as const),
      ...row.slice(1).map((each, at) => [row[at] as Pattern, each] as const)
    ];
    const alike = pairs.filter(([one, other]) => differences(one, other) < 4);
    expect(pairs.filter(([one, other]) => rough(one) === rough(other))).toEqual([]);
    expect(alike.length / pairs.length).toBeLessThan(0.02);
  });

  it('uses every figure, mark and hue about as often as any other', () => {
    const drawn = ids(2_000).map(pattern);
    for (const [key, many] of [
      ['figure', 12],
      ['mark', 4],
      ['ground', 10],
      ['turn', 8]
    ] as const) {
      const counts = new Map<unknown, number>();
      for (const each of drawn) counts.set(each[key], (counts.get(each[key]) ?? 0) + 1);
      expect(counts.size).toBe(many);
      expect(Math.min(...counts.values())).toBeGreaterThan((2_000 / many) * 0.6);
    }
  });
});
