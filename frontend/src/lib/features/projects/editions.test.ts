import { expect, it } from 'vitest';
import { newestOfEach } from './editions.ts';
import type { ProjectRead } from './shapes.ts';

type Released = ProjectRead['editions'][number];
const edition = (number: number, kind: string) => ({ number, kind }) as unknown as Released;

it('shows of each kind the newest, and keeps the earlier ones', () => {
  const [first, other, second] = [
    edition(1, 'toolkit'),
    edition(2, 'report'),
    edition(3, 'toolkit')
  ];
  expect(newestOfEach([first, other, second])).toEqual([
    { newest: second, earlier: [first] },
    { newest: other, earlier: [] }
  ]);
});

it('has nothing to show of nothing', () => {
  expect(newestOfEach([])).toEqual([]);
});
