import { Problem } from './problem';

/**
 * One thing a person does on a screen: whether it is under way, and what stood in its way.
 * A second press while it runs does nothing.
 */
export class Act {
  busy = $state(false);
  problem = $state.raw<Problem | null>(null);

  async run<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    if (this.busy) return undefined;
    this.busy = true;
    this.problem = null;
    try {
      return await work();
    } catch (thrown) {
      this.problem = Problem.of(thrown);
      return undefined;
    } finally {
      this.busy = false;
    }
  }

  /** What is wrong with one field, for `error={act.field('email')}`. */
  field(name: string): string | null {
    return this.problem?.field(name) ?? null;
  }
}
