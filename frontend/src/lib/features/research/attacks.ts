import { roughly } from '#lib/text/figures.ts';
import { count } from '#lib/text/words.ts';

/** One attack on a file: how many people it named of how many, and how many chance would. */
export type Finding = {
  name: string;
  named: number;
  of: number;
  byChance: number;
  note: string;
  isRefused: boolean;
};

const NAMES: Record<string, string> = {
  wall_match: 'Comparing it with the wall, as any member reads it',
  clocks: 'Working out when people joined from acts between them',
  insider: 'Taking part oneself, and looking for one’s own acts',
  freezes: 'Comparing it with other datasets of this study',
  two_studies: 'Finding the same person in another study',
  joins: 'Joining what researchers may read with everything else',
  ids: 'Reading times out of public numbers'
};

const isNumber = (value: unknown): value is number => typeof value === 'number';

/** What stands beside a decision. Older ones hold nothing, or less than is told today. */
export function findingsOf(attack: Record<string, unknown> | null | undefined): Finding[] {
  const listed = Array.isArray(attack?.findings) ? (attack.findings as unknown[]) : [];
  return listed
    .filter((each): each is Record<string, unknown> => typeof each === 'object' && each !== null)
    .map(({ name, named, of, by_chance, note, is_refused }) => ({
      name: typeof name === 'string' ? name : '',
      named: isNumber(named) ? named : 0,
      of: isNumber(of) ? of : 0,
      byChance: isNumber(by_chance) ? by_chance : 0,
      note: typeof note === 'string' ? note : '',
      isRefused: is_refused === true
    }))
    .filter(({ name }) => name !== '');
}

export function attackWords(name: string): string {
  return NAMES[name] ?? name.replaceAll('_', ' ');
}

/** What all of them came to, before any table. */
export function findingsWords(findings: Finding[]): string {
  const played = `${count(findings.length, 'attack was', 'attacks were')} run on the file.`;
  const refused = findings.filter(({ isRefused }) => isRefused);
  if (refused.length) {
    const most = count(Math.max(...refused.map(({ named }) => named)), 'person', 'people');
    return `${played} ${count(refused.length, 'of them names', 'of them name')} more people than may be: up to ${most}.`;
  }
  return `${played} None names more people than may be.`;
}

/** "3 of 75": whole numbers stay whole, others get one place. */
export function chanceWords({ byChance }: Finding): string {
  return roughly(byChance);
}
