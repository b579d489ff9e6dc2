import { lengthOf } from '#lib/text/length.ts';
import type { AnalysisPlanRead, AnalysisPlanWrite, PlanVersion } from './shapes.ts';

/** A plan as its form holds it: names of measures as they are typed. */
export type PlanOutline = {
  questions: string;
  primary: string;
  secondary: string;
  population: string;
  missing: string;
  change: string;
  reason: string;
};

export type OutlineErrors = Partial<Record<keyof PlanOutline, string>>;

/** The longest section and the longest reason, as the server counts. */
export const MOST_WORDS = 4000;
export const MOST_REASON = 2000;

/** The sections that are free text, in the order in which one thinks of them. */
export const SECTIONS = [
  {
    name: 'questions',
    label: 'What do you want to find out?',
    hint: 'One question a line. Say it as you would to a member.'
  },
  {
    name: 'population',
    label: 'Whose data, and from when until when?',
    hint: 'For example: everyone who agreed to questionnaires, from joining to twelve weeks later.'
  },
  {
    name: 'missing',
    label: 'What about answers that are missing?',
    hint: 'What is done for people who skipped a question, or did not answer a wave.'
  },
  {
    name: 'change',
    label: 'What change would be worth having?',
    hint: 'The smallest difference that would matter to people, and why that much.'
  }
] as const;

const NAME = /^[a-z][a-z0-9_]{1,40}$/;

/** What is said of a version, and of the next one to begin with. */
export const outlineOf = (plan?: PlanVersion): PlanOutline => ({
  questions: plan?.questions ?? '',
  primary: plan?.primary_measures.join(', ') ?? '',
  secondary: plan?.secondary_measures.join(', ') ?? '',
  population: plan?.population ?? '',
  missing: plan?.missing_answers ?? '',
  change: plan?.worthwhile_change ?? '',
  reason: ''
});

/** Names apart by commas, spaces or lines, each once. */
export const namesIn = (typed: string): string[] => [
  ...new Set(typed.split(/[\s,;]+/).filter(Boolean))
];

/** What stands in the way of these words, by field. */
export function faultsIn(words: PlanOutline, isFrozen: boolean): OutlineErrors {
  const faults: OutlineErrors = {};
  for (const { name } of SECTIONS)
    if (!words[name].trim()) faults[name] = 'Write a sentence or two.';
  const [primary, secondary] = [namesIn(words.primary), namesIn(words.secondary)];
  faults.primary = nameFault(primary) ?? (primary.length ? undefined : 'Name at least one.');
  faults.secondary =
    nameFault(secondary) ??
    (secondary.some((each) => primary.includes(each))
      ? 'A measure is primary or secondary, not both.'
      : undefined);
  if (isFrozen && lengthOf(words.reason.trim()) < 10) faults.reason = 'Say in a sentence why.';
  return Object.fromEntries(Object.entries(faults).filter(([, fault]) => fault));
}

function nameFault(names: string[]): string | undefined {
  const wrong = names.find((name) => !NAME.test(name));
  return wrong && `“${wrong}” is no name of a measure. They look like phq9_total.`;
}

export const planFrom = (words: PlanOutline, isFrozen: boolean): AnalysisPlanWrite => ({
  questions: words.questions.trim(),
  primary_measures: namesIn(words.primary),
  secondary_measures: namesIn(words.secondary),
  population: words.population.trim(),
  missing_answers: words.missing.trim(),
  worthwhile_change: words.change.trim(),
  reason: isFrozen ? words.reason.trim() : null
});

/** Where the plan stands, in a sentence, and what comes next. */
export function standing({ versions, in_force, is_frozen }: AnalysisPlanRead): string {
  const newest = versions[0]?.version;
  if (newest === undefined)
    return is_frozen
      ? 'This study was frozen before there were analysis plans. One can still be written; it then says why so late.'
      : 'Nothing is planned yet. A signed plan is needed before the study is first frozen.';
  if (in_force === newest)
    return `Version ${newest} is signed. What is done otherwise is noted as a departure.`;
  const before = in_force === null ? '' : ` Until then version ${in_force} holds.`;
  return `Version ${newest} waits for a signature, from someone who did not write it.${before}`;
}
