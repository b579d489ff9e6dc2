export type Read = { post_id: string; seconds: number };

const BATCH = 50;
const TICK_MS = 1_000;
const SEND_EVERY_MS = 20_000;
/** Nobody reads a single post for longer without scrolling; beyond it the person is elsewhere. */
const LONGEST_SECONDS = 300;

type World = { isVisible: () => boolean; send: (items: Read[], isLast: boolean) => Promise<void> };

/**
 * Seconds each post was in view while the page was visible. Used only by someone who said yes to a
 * study's activity log; for everybody else it is never made.
 */
export class ReadingLog {
  #world: World;
  #inView = new Set<string>();
  #seconds = new Map<string, number>();
  #sinceScroll = new Map<string, number>();
  #ticker: ReturnType<typeof setInterval> | undefined;
  #sender: ReturnType<typeof setInterval> | undefined;

  constructor(world: World) {
    this.#world = world;
  }

  start(): () => void {
    this.#ticker = setInterval(() => this.#tick(), TICK_MS);
    this.#sender = setInterval(() => void this.flush(false), SEND_EVERY_MS);
    return () => {
      clearInterval(this.#ticker);
      clearInterval(this.#sender);
      void this.flush(true);
    };
  }

  enter(postId: string): void {
    this.#inView.add(postId);
    this.#sinceScroll.set(postId, 0);
  }

  leave(postId: string): void {
    this.#inView.delete(postId);
  }

  async flush(isLast: boolean): Promise<void> {
    const items = [...this.#seconds].map(([post_id, seconds]) => ({ post_id, seconds }));
    this.#seconds.clear();
    for (let from = 0; from < items.length; from += BATCH) {
      await this.#world.send(items.slice(from, from + BATCH), isLast);
    }
  }

  #tick(): void {
    if (!this.#world.isVisible()) return;
    for (const postId of this.#inView) {
      const staying = (this.#sinceScroll.get(postId) ?? 0) + 1;
      this.#sinceScroll.set(postId, staying);
      if (staying > LONGEST_SECONDS) continue;
      this.#seconds.set(postId, (this.#seconds.get(postId) ?? 0) + 1);
    }
  }
}
