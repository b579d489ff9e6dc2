const TICK_MS = 1_000;
/** Nobody reads for longer without scrolling, pressing a key or moving a pointer: they are elsewhere. */
const IDLE_MS = 120_000;
/** A tick that comes later than this slept in between, and nobody read meanwhile. */
const LATE_MS = 2 * TICK_MS;

type World = { isVisible: () => boolean };

/**
 * How long someone has been reading in this window: time during which it is visible, at least one
 * post is in view, and the person does something now and then. How many posts there are at once,
 * and so how tall the window is, makes no difference.
 */
export class ReadingTime {
  #world: World;
  #inView = new Set<object>();
  #milliseconds = 0;
  #tickedAt = performance.now();
  #activeAt = performance.now();

  constructor(world: World) {
    this.#world = world;
  }

  /** Returns how to stop. */
  start(): () => void {
    this.#tickedAt = this.#activeAt = performance.now();
    const ticker = setInterval(() => this.#tick(), TICK_MS);
    return () => clearInterval(ticker);
  }

  enter(post: object): void {
    this.#inView.add(post);
  }

  leave(post: object): void {
    this.#inView.delete(post);
  }

  /** The person did something. */
  stir(): void {
    this.#activeAt = performance.now();
  }

  /** Whole seconds since this was asked last; what is left over stays. */
  take(): number {
    this.#tick();
    const seconds = Math.floor(this.#milliseconds / 1_000);
    this.#milliseconds -= seconds * 1_000;
    return seconds;
  }

  #tick(): void {
    const now = performance.now();
    const passed = Math.min(now - this.#tickedAt, LATE_MS);
    this.#tickedAt = now;
    const isReading = this.#inView.size > 0 && this.#world.isVisible();
    if (isReading && now - this.#activeAt <= IDLE_MS) this.#milliseconds += passed;
  }
}
