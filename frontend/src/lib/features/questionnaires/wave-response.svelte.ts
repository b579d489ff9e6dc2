import { QuestionnaireResponse } from './response.svelte.ts';
import type { Answer, Question, WaveDetail } from './shapes.ts';

/** One instrument after another, as one person answers a wave. */
export class WaveResponse {
  readonly parts: QuestionnaireResponse[];
  /** Which instrument is on screen; past the last one: the end. */
  at = $state(0);

  constructor(wave: WaveDetail, waiting: { item: string; answer: Answer }[] = []) {
    const answers: Record<string, Answer> = { ...wave.answers };
    for (const { item, answer } of waiting) answers[item] = answer;
    this.parts = wave.questionnaires.map((questionnaire) => {
      const part = new QuestionnaireResponse(questionnaire);
      for (const question of questionnaire.questions) {
        if (question.name in answers) part.restore(question, answers[question.name] ?? null);
      }
      return part;
    });
    this.#toFirstOpen();
  }

  part = $derived.by(() => this.parts[this.at] ?? null);
  isAtEnd = $derived.by(() => this.at >= this.parts.length);
  total = $derived.by(() => this.parts.reduce((sum, part) => sum + part.asked.length, 0));
  /** How many questions stand before the one on screen. */
  before = $derived.by(() => {
    const whole = this.parts.slice(0, this.at).reduce((sum, part) => sum + part.asked.length, 0);
    return whole + Math.max(0, this.part?.place ?? 0);
  });
  /** Questions that were skipped, or never reached. */
  without = $derived.by(() =>
    this.parts.flatMap((part) => part.asked.filter((one) => part.answerOf(one) === null))
  );
  isBegun = $derived.by(() => this.parts.some((part) => part.isBegun));

  /** To the next instrument; those that are answered already are passed. */
  next(): void {
    do this.at += 1;
    while (this.part?.isBegun && this.part.firstOpen === null);
    if (this.part?.isBegun) this.part.at = this.part.firstOpen;
  }

  /** From the beginning of an instrument, or from the end, to the last question before. */
  back(): void {
    if (this.at === 0) return;
    this.at -= 1;
    this.part?.end();
  }

  /** To one question, to answer it after all. */
  goTo(question: Question): void {
    const place = this.parts.findIndex((part) => part.asked.includes(question));
    this.at = place;
    this.parts[place]?.revisit(question);
  }

  /** Where somebody left off: the first question that was neither answered nor skipped. */
  #toFirstOpen(): void {
    const place = this.parts.findIndex((part) => part.firstOpen !== null);
    if (!this.parts.some((part) => part.isBegun)) return;
    if (place < 0) {
      this.at = this.parts.length;
      return;
    }
    this.at = place;
    const part = this.parts[place]!;
    if (part.isBegun) part.at = part.firstOpen;
  }
}

/** An answer as the server takes it: a number as a number, words without the space around them. */
export function sentAs(question: Question, answer: Answer): Answer {
  if (answer === null) return null;
  if (question.kind === 'number') return Number(answer);
  return typeof answer === 'string' ? answer.trim() : answer;
}
