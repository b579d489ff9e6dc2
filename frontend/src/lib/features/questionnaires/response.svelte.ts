import { lengthOf } from '#lib/text/length.ts';
import type { Answer, Question, Questionnaire } from './shapes.ts';

/** The answers of one person to one questionnaire, and the question they are at. */
export class QuestionnaireResponse {
  readonly questionnaire: Questionnaire;
  answers = $state<Record<string, Answer>>({});
  /** The question on screen by its name: what stands before it may come and go. */
  at = $state<string | null>(null);
  isDone = $state(false);
  /** They came back for this one question: after it, what is still open, or the end. */
  isRevisit = false;

  constructor(questionnaire: Questionnaire) {
    this.questionnaire = questionnaire;
  }

  /** The questions that are asked after these answers. */
  asked = $derived.by(() => this.questionnaire.questions.filter((one) => this.#isAsked(one)));
  place = $derived.by(() => this.asked.findIndex((one) => one.name === this.at));
  question = $derived.by(() => this.asked[this.place] ?? null);

  /** An answer as the server holds it; one that was skipped is null. */
  restore(question: Question, answer: Answer): void {
    this.answers[question.name] =
      question.kind === 'number' && answer !== null ? String(answer) : answer;
  }

  get isBegun(): boolean {
    return Object.keys(this.answers).length > 0;
  }

  /** The first question that was neither answered nor skipped, by its name. */
  get firstOpen(): string | null {
    return this.asked.find(({ name }) => !(name in this.answers))?.name ?? null;
  }

  /** The last question that is asked, to come back to. */
  end(): void {
    this.isDone = this.isRevisit = false;
    this.at = this.asked.at(-1)?.name ?? null;
  }

  begin(): void {
    this.isDone = this.isRevisit = false;
    this.at = this.asked[0]?.name ?? null;
  }

  /** What is wrong with the answer to the question on screen, in a sentence; null if nothing is. */
  get fault(): string | null {
    const { question } = this;
    const answer = question && this.answerOf(question);
    if (!question || answer === null) return 'Choose an answer, or skip this question.';
    if (question.kind === 'number' && !isCount(answer, question.most ?? 0))
      return `Write a whole number from 0 to ${question.most}, or skip this question.`;
    if (question.kind === 'text' && lengthOf(String(answer)) > (question.limit ?? 0))
      return `${question.limit} characters fit here. Please shorten it.`;
    return null;
  }

  answerOf(question: Question): Answer {
    const answer = this.answers[question.name] ?? null;
    const isEmpty = Array.isArray(answer) ? answer.length === 0 : answer === '';
    return isEmpty ? null : answer;
  }

  answer(question: Question, answer: Answer): void {
    this.answers[question.name] = answer;
  }

  /** Add an option of several, or take it away; one that stands alone takes the place of all. */
  toggle(question: Question, code: number): void {
    const now = this.answerOf(question);
    const chosen = Array.isArray(now) ? now : [];
    const alone = question.options.filter((one) => one.stands_alone).map((one) => one.code);
    if (chosen.includes(code))
      this.answer(
        question,
        chosen.filter((each) => each !== code)
      );
    else if (alone.includes(code)) this.answer(question, [code]);
    else this.answer(question, [...chosen.filter((each) => !alone.includes(each)), code]);
  }

  /** To one question, to answer it after all. */
  revisit(question: Question): void {
    this.isDone = false;
    this.isRevisit = true;
    this.at = question.name;
  }

  next(): void {
    const following = this.isRevisit ? this.firstOpen : this.asked[this.place + 1]?.name;
    if (following) this.at = following;
    else this.isDone = true;
  }

  skip(): void {
    if (this.question) this.answer(this.question, null);
    this.next();
  }

  /** To the question before; from the first one to where it began. */
  back(): void {
    this.isRevisit = false;
    if (this.isDone) this.isDone = false;
    else this.at = this.asked[this.place - 1]?.name ?? null;
  }

  /** Whether help is shown at once, after this answer. */
  showsHelp(question: Question): boolean {
    const answer = this.answerOf(question);
    return typeof answer === 'number' && question.shows_help.includes(answer);
  }

  #isAsked(question: Question): boolean {
    const branch = question.show_if;
    if (!branch) return true;
    const before = this.questionnaire.questions.find((one) => one.name === branch.item);
    if (!before || !this.#isAsked(before)) return false;
    const answer = this.answerOf(before);
    const given = Array.isArray(answer) ? answer : [answer];
    return given.some((code) => typeof code === 'number' && branch.codes.includes(code));
  }
}

function isCount(answer: Answer | null, most: number): boolean {
  return typeof answer === 'string' && /^\d{1,4}$/.test(answer.trim()) && Number(answer) <= most;
}
