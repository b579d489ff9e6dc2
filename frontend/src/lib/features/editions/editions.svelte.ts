import { Problem } from '#lib/api/index.ts';
import * as actions from './editions.actions.ts';
import type { Edition } from './shapes.ts';
import { isUnderWay } from './words.ts';

/** Milliseconds between two looks at work that is under way. */
const LOOK = 2000;

/** What was made of a study, followed while something is being made. */
export class Editions {
  items = $state.raw<Edition[]>([]);
  isRead = $state(false);
  problem = $state.raw<Problem | null>(null);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isGone = false;

  constructor(readonly studyId: string) {}

  async read(): Promise<void> {
    clearTimeout(this.timer);
    try {
      this.items = await actions.readEditions(this.studyId);
      this.isRead = true;
      this.problem = null;
    } catch (thrown) {
      this.problem = Problem.of(thrown);
    }
    clearTimeout(this.timer);
    if (this.items.some(isUnderWay) && !this.isGone)
      this.timer = setTimeout(() => void this.read(), LOOK);
  }

  /** Nobody looks any more. */
  leave(): void {
    this.isGone = true;
    clearTimeout(this.timer);
  }
}
