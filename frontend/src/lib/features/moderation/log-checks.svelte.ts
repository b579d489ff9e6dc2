import { Act } from '#lib/api/act.svelte.ts';
import type { LogChecks as Found } from './shapes.ts';

/** How often a check that runs is looked after. */
export const EVERY_MS = 2_000;

/** The last check of the log. While one is asked for or at work it is followed until it ends. */
export class LogChecks {
  readonly act = new Act();
  found = $state.raw<Found | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isOver = false;

  constructor(
    private readonly read: () => Promise<Found>,
    private readonly ask: () => Promise<unknown>
  ) {}

  get isRunning(): boolean {
    return this.found?.is_running ?? false;
  }

  load = () => this.act.run(this.#read);

  check = () =>
    this.act.run(async () => {
      await this.ask();
      await this.#read();
    });

  end() {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  #read = async () => {
    const found = await this.read();
    if (this.#isOver) return;
    this.found = found;
    clearTimeout(this.#timer);
    if (found.is_running) this.#timer = setTimeout(() => void this.load(), EVERY_MS);
  };
}
