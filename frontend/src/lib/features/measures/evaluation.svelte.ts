import { Problem } from '#lib/api/index.ts';
import { isUnderWay } from './measure-words.ts';
import * as actions from './measures.actions.ts';
import type { EvaluationShown } from './shapes.ts';

/** Milliseconds between two looks at work that is under way. */
const LOOK = 2000;

/** The measures of one dataset: asked for, followed while they are computed, stopped. */
export class Evaluation {
  shown = $state.raw<EvaluationShown | null>(null);
  isRead = $state(false);
  problem = $state.raw<Problem | null>(null);
  isBusy = $state(false);
  readonly isUnderWay = $derived(this.shown !== null && isUnderWay(this.shown));
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isGone = false;

  constructor(readonly datasetId: string) {}

  async read(): Promise<void> {
    await this.take(() => actions.readEvaluation(this.datasetId));
    this.isRead = this.problem === null;
  }

  async start(): Promise<void> {
    await this.act(() => actions.start(this.datasetId));
  }

  async cancel(): Promise<void> {
    await this.act(() => actions.cancel(this.datasetId));
  }

  /** Nobody looks any more. */
  leave(): void {
    this.isGone = true;
    clearTimeout(this.timer);
  }

  private async act(from: () => Promise<EvaluationShown>): Promise<void> {
    this.isBusy = true;
    await this.take(from);
    this.isBusy = false;
  }

  private async take(from: () => Promise<EvaluationShown | null>): Promise<void> {
    clearTimeout(this.timer);
    try {
      this.shown = await from();
      this.problem = null;
    } catch (thrown) {
      this.problem = Problem.of(thrown);
    }
    if (this.isUnderWay && !this.isGone) this.timer = setTimeout(() => void this.read(), LOOK);
  }
}
