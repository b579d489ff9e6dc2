import { Problem } from '#lib/api/problem.ts';
import { QuestionnaireResponse } from './response.svelte.ts';
import type { Answer, PartWrite, Question, UnshownWaveDetail } from './shapes.ts';

type Send = (part: PartWrite) => Promise<unknown>;

/** An answer as the API takes it: numbers as numbers, words without space around them. */
export function sent(question: Question, answer: Answer): Answer {
  if (typeof answer !== 'string') return answer;
  return question.kind === 'number' ? Number(answer.trim()) : answer.trim();
}

/**
 * Somebody on their way through a wave, one questionnaire after the other. What they have passed is
 * sent as they go; what was not taken is sent again with the next.
 */
export class Walk {
  readonly responses: QuestionnaireResponse[];
  readonly #send: Send;
  at = $state(0);
  problem = $state.raw<Problem | null>(null);
  #taken = new Map<string, string>();
  #queue: Promise<void> = Promise.resolve();

  constructor({ questionnaires, done }: UnshownWaveDetail, send: Send) {
    this.#send = send;
    this.responses = questionnaires
      .filter((each) => !done.includes(each.instrument))
      .map((each) => new QuestionnaireResponse(each));
  }

  response = $derived.by(() => this.responses[this.at] ?? null);

  get isLast(): boolean {
    return this.at >= this.responses.length - 1;
  }

  next(): void {
    this.at += 1;
  }

  /** Send what was passed so far; one after the other, so that the later counts. */
  save(): Promise<void> {
    const part = this.response && passed(this.response);
    if (part) this.#queue = this.#queue.then(() => this.#take(part));
    return this.#queue;
  }

  async #take(part: PartWrite): Promise<void> {
    const text = JSON.stringify(part);
    if (this.#taken.get(part.instrument) === text) return;
    try {
      await this.#send(part);
      this.#taken.set(part.instrument, text);
      this.problem = null;
    } catch (thrown) {
      this.problem = Problem.of(thrown);
    }
  }
}

/** The questions before the one on screen; null while there is none. */
function passed(response: QuestionnaireResponse): PartWrite | null {
  const { asked, isDone, place, questionnaire } = response;
  const questions = isDone ? asked : asked.slice(0, Math.max(place, 0));
  if (!questions.length) return null;
  return {
    instrument: questionnaire.instrument,
    language: questionnaire.language,
    wording_version: questionnaire.wording_version,
    answers: Object.fromEntries(
      questions.map((each) => [each.name, sent(each, response.answerOf(each))])
    )
  };
}
