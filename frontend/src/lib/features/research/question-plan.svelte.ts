import type { QuestionPlanRead, QuestionPlanWrite } from './shapes.ts';

/** How a study asks, as a form holds it: numbers as they are typed. */
export type PlanWords = {
  /** By wave, the names of its instruments in their order. */
  asked: string[][];
  window: string;
  late: string;
  reminders: string;
  apart: string;
};

export const wordsOf = (plan: QuestionPlanRead): PlanWords => ({
  asked: plan.waves.map(({ instruments }) => instruments.map(({ name }) => name)),
  window: String(plan.window_days),
  late: String(plan.late_days),
  reminders: String(plan.reminders),
  apart: String(plan.reminder_days)
});

export type PlanErrors = { asked?: string; window?: string; late?: string; apart?: string };

const within = (typed: string, least: number, most: number) =>
  /^\d{1,3}$/.test(typed.trim()) && Number(typed) >= least && Number(typed) <= most;

/** What stands in the way of these words, by field. */
export function faultsOf({ asked, window, late, reminders, apart }: PlanWords): PlanErrors {
  const faults: PlanErrors = {};
  if (asked.every((names) => names.length === 0))
    faults.asked = 'Choose at least one instrument for at least one wave.';
  if (!within(window, 3, 56)) faults.window = 'Write a number of days from 3 to 56.';
  if (!within(late, 0, 28)) faults.late = 'Write a number of days from 0 to 28.';
  if (reminders !== '0') {
    if (!within(apart, 3, 28)) faults.apart = 'Write a number of days from 3 to 28.';
    else if (!faults.window && Number(reminders) * Number(apart) >= Number(window))
      faults.apart =
        'The last reminder would come after the window has closed. Choose fewer days, or a longer window.';
  }
  return faults;
}

export const planOf = (plan: QuestionPlanRead, words: PlanWords): QuestionPlanWrite => ({
  opens_at: plan.opens_at.slice(0, 5),
  window_days: Number(words.window),
  late_days: Number(words.late),
  reminders: Number(words.reminders),
  reminder_days: words.reminders === '0' ? plan.reminder_days : Number(words.apart),
  waves: plan.waves.map(({ wave }, place) => ({ wave, instruments: words.asked[place] ?? [] }))
});

/** The names with one of them a place earlier. */
export function earlier(names: string[], name: string): string[] {
  const place = names.indexOf(name);
  if (place < 1) return names;
  const others = names.filter((each) => each !== name);
  return [...others.slice(0, place - 1), name, ...others.slice(place - 1)];
}
