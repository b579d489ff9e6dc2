import { expect, it } from 'vitest';
import { attackWords, chanceWords, findingsOf, findingsWords } from './attacks.ts';

const wall = { name: 'wall_match', named: 3, of: 75, by_chance: 1.26, note: '', is_refused: false };

it.each([
  [null],
  [undefined],
  [{}],
  [{ findings: 'none' }],
  [{ findings: [null, 3, {}] }],
  [{ is_refused: false }]
])('finds nothing where nothing was kept: %j', (attack) => {
  expect(findingsOf(attack as Record<string, unknown>)).toEqual([]);
});

it('reads what each attack came to, and says it before any table', () => {
  const findings = findingsOf({ is_refused: false, findings: [wall, { name: 'ids' }] });
  expect(findings.map(({ name, named, of }) => [name, named, of])).toEqual([
    ['wall_match', 3, 75],
    ['ids', 0, 0]
  ]);
  expect(chanceWords(findings[0]!)).toBe('1.3');
  expect(findingsWords(findings)).toBe(
    '2 attacks were run on the file. None names more people than may be.'
  );
});

it('says how many are named when that is too many', () => {
  const findings = findingsOf({ findings: [{ ...wall, named: 40, is_refused: true }] });
  expect(findingsWords(findings)).toBe(
    '1 attack was run on the file. 1 of them names more people than may be: up to 40 people.'
  );
});

it('has a name for an attack that it does not know', () => {
  expect(attackWords('wall_match')).toMatch(/wall/);
  expect(attackWords('new_kind')).toBe('new kind');
});
