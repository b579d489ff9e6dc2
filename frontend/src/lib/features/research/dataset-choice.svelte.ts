import type { DatasetAnswer, DatasetMeasure } from './dataset-words.ts';
import { ANSWERS, MEASURES } from './dataset-words.ts';

export type Chosen = {
  measures: DatasetMeasure[];
  answers: DatasetAnswer[];
  scores: string[];
  periods?: number;
};

/** What a dataset is to hold: some measures from the start, and no answer until one is asked for. */
export class DatasetChoice {
  measures = $state<DatasetMeasure[]>(['active_days', 'giving', 'receiving']);
  answers = $state<DatasetAnswer[]>([]);
  /** Names of scores, told in steps at the two ends of a period. */
  scores = $state<string[]>([]);
  /** How many periods each record tells, from joining on; 0 for all of them. */
  periods = $state(0);

  get isEmpty(): boolean {
    return this.measures.length === 0;
  }

  /** In one order, whatever was ticked first: the same choice is the same question. */
  get chosen(): Chosen {
    return {
      measures: MEASURES.map(({ name }) => name).filter((name) => this.measures.includes(name)),
      answers: ANSWERS.map(({ name }) => name).filter((name) => this.answers.includes(name)),
      scores: this.scores.toSorted(),
      ...(this.periods && { periods: this.periods })
    };
  }

  measure(name: DatasetMeasure, isWanted: boolean): void {
    this.measures = this.measures.filter((each) => each !== name);
    if (isWanted) this.measures = [...this.measures, name];
  }

  answer(name: DatasetAnswer, isWanted: boolean): void {
    this.answers = this.answers.filter((each) => each !== name);
    if (isWanted) this.answers = [...this.answers, name];
  }

  score(name: string, isWanted: boolean): void {
    this.scores = this.scores.filter((each) => each !== name);
    if (isWanted) this.scores = [...this.scores, name];
  }
}
