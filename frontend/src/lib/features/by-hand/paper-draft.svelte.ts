import { SvelteMap } from 'svelte/reactivity';
import { QuestionnaireResponse } from '#lib/features/questionnaires/response.svelte.ts';
import { lengthOf } from '#lib/text/length.ts';
import type { Answer, PartWrite, Question, Questionnaire } from './shapes.ts';

/** What somebody typed of one answer on paper: its value, null for one left empty, or what is wrong
 * with it. */
export function read(question: Question, typed: string): { answer: Answer } | { fault: string } {
  const text = typed.trim();
  if (!text) return { answer: null };
  if (question.kind === 'text') {
    const limit = question.limit ?? 0;
    return lengthOf(text) > limit ? { fault: `${limit} characters fit here.` } : { answer: text };
  }
  const numbers = text.split(/[\s,]+/).filter(Boolean);
  const codes = numbers.map((each) => (/^\d{1,4}$/.test(each) ? Number(each) : NaN));
  if (question.kind === 'number') {
    const most = question.most ?? 0;
    const [one] = codes;
    if (codes.length === 1 && one !== undefined && one <= most) return { answer: one };
    return { fault: `A whole number from 0 to ${most}.` };
  }
  return readOptions(question, codes);
}

function readOptions(question: Question, codes: number[]): { answer: Answer } | { fault: string } {
  const known = question.options.map((each) => each.code);
  const isSeveral = question.kind === 'several';
  if (codes.some((code) => !known.includes(code)) || (!isSeveral && codes.length > 1))
    return { fault: `${isSeveral ? 'Some' : 'One'} of ${known.join(', ')}.` };
  const alone = question.options.filter((each) => each.stands_alone).map((each) => each.code);
  if (codes.length > 1 && codes.some((code) => alone.includes(code)))
    return { fault: `${alone.join(' and ')} stand alone.` };
  return { answer: isSeveral ? [...new Set(codes)].sort((a, b) => a - b) : (codes[0] ?? null) };
}

/** An answer as somebody types it. */
export const written = (answer: Answer): string =>
  answer === null ? '' : Array.isArray(answer) ? answer.join(' ') : String(answer);

/** An answer in words, with its number. */
export function spoken(question: Question, answer: Answer): string {
  if (answer === null) return 'Left empty';
  const label = (code: number) => {
    const option = question.options.find((each) => each.code === code);
    return option ? `${code} (${option.label})` : String(code);
  };
  if (Array.isArray(answer)) return answer.map(label).join(', ');
  return typeof answer === 'number' ? label(answer) : answer;
}

/** One paper while somebody types it: every question that follows from what is typed so far. */
export class PaperDraft {
  readonly responses: QuestionnaireResponse[];
  readonly typed = new SvelteMap<string, string>();
  readonly faults = new SvelteMap<string, string>();
  day = $state('');
  dayFault = $state<string | null>(null);

  constructor(questionnaires: Questionnaire[]) {
    this.responses = questionnaires.map((each) => new QuestionnaireResponse(each));
  }

  type(response: QuestionnaireResponse, question: Question, text: string): void {
    this.typed.set(question.name, text);
    const found = read(question, text);
    this.faults.delete(question.name);
    if ('answer' in found) response.answer(question, found.answer);
    else response.answer(question, null);
  }

  /** Say what is wrong with what was typed. */
  look(question: Question): void {
    const found = read(question, this.typed.get(question.name) ?? '');
    if ('fault' in found) this.faults.set(question.name, found.fault);
  }

  check(): boolean {
    this.dayFault = this.day ? null : 'Type the day that is written on the paper.';
    for (const response of this.responses) response.asked.forEach((each) => this.look(each));
    const asked = this.responses.flatMap(({ asked }) => asked);
    return !this.dayFault && !asked.some((each) => this.faults.has(each.name));
  }

  get parts(): PartWrite[] {
    return this.responses.map((response) => ({
      instrument: response.questionnaire.instrument,
      language: response.questionnaire.language,
      wording_version: response.questionnaire.wording_version,
      answers: Object.fromEntries(
        response.asked.map((each) => [each.name, response.answerOf(each)])
      )
    }));
  }
}
