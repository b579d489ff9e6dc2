import { SvelteMap } from 'svelte/reactivity';
import { read } from './paper-draft.svelte.ts';
import type { Answer, PaperForm, PaperState, Question } from './shapes.ts';

export type Which = 'first' | 'second' | 'empty' | 'other';

/** What the second person decides where two entries of a paper differ. */
export class Decision {
  readonly state: PaperState;
  readonly questions: Map<string, Question>;
  readonly chosen = new SvelteMap<string, Which>();
  readonly typed = new SvelteMap<string, string>();
  day = $state<string | null>(null);

  constructor(state: PaperState, form: PaperForm) {
    this.state = state;
    const all = form.questionnaires.flatMap(({ questions }) => questions);
    this.questions = new Map(all.map((each) => [each.name, each]));
  }

  /** How many differences are still open. */
  get open(): number {
    const items = this.state.differences.filter(({ item }) => this.#decided(item) === undefined);
    return items.length + (this.state.days.length && !this.day ? 1 : 0);
  }

  get decided(): Record<string, Answer> {
    return Object.fromEntries(
      this.state.differences.map(({ item }) => [item, this.#decided(item) ?? null])
    );
  }

  #decided(item: string): Answer | undefined {
    const found = this.state.differences.find((each) => each.item === item);
    const which = this.chosen.get(item);
    const question = this.questions.get(item);
    if (!found || !which || !question) return undefined;
    if (which === 'empty') return null;
    if (which !== 'other') return found[which];
    const typed = read(question, this.typed.get(item) ?? '');
    return 'answer' in typed ? (typed.answer ?? undefined) : undefined;
  }
}
