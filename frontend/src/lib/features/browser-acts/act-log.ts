import type { BrowserAct } from '#lib/api/shapes.ts';
import { ReadingTime } from './reading-time.ts';

const BATCH = 50;
const SEND_EVERY_MS = 20_000;

export type Opened = 'help_opened' | 'note_opened';

type World = {
  isVisible: () => boolean;
  /** Whether a study may note this person's acts now. */
  isRecorded: () => boolean;
  send: (items: BrowserAct[], isLast: boolean) => Promise<void>;
};

/** What this window tells the server of its person, and only while a study may note it. */
export class ActLog {
  readonly clock: ReadingTime;
  #world: World;
  #opened: BrowserAct[] = [];

  constructor(world: World) {
    this.#world = world;
    this.clock = new ReadingTime(world);
  }

  start(): () => void {
    const stopClock = this.clock.start();
    const sender = setInterval(() => void this.flush(false), SEND_EVERY_MS);
    return () => {
      clearInterval(sender);
      stopClock();
      void this.flush(true);
    };
  }

  note(type: Opened): void {
    this.#opened.push({ type });
  }

  async flush(isLast: boolean): Promise<void> {
    const seconds = this.clock.take();
    const items: BrowserAct[] = [...this.#opened];
    if (seconds > 0) items.unshift({ type: 'read', seconds });
    this.#opened = [];
    if (!this.#world.isRecorded()) return;
    for (let from = 0; from < items.length; from += BATCH) {
      await this.#world.send(items.slice(from, from + BATCH), isLast);
    }
  }
}
