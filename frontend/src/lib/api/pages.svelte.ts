import { Problem } from './problem';
import type { Page } from './shapes';

/** A list that is read page by page and only grows downwards, with what stood in its way. */
export class Pages<Item> {
  items = $state.raw<Item[]>([]);
  state = $state<'loading' | 'ready' | 'failed'>('loading');
  problem = $state.raw<Problem | null>(null);
  nextCursor = $state<string | null>(null);
  isFetching = $state(false);
  #read: (cursor: string | null) => Promise<Page<Item>>;

  constructor(read: (cursor: string | null) => Promise<Page<Item>>) {
    this.#read = read;
  }

  get size(): number {
    return this.items.length;
  }

  /** The first page. A failure leaves what was there. */
  async load(first?: Promise<Page<Item>>): Promise<void> {
    if (!this.items.length) this.state = 'loading';
    try {
      const page = await (first ?? this.#read(null));
      this.items = page.items;
      this.nextCursor = page.next_cursor;
      this.problem = null;
      this.state = 'ready';
    } catch (thrown) {
      this.problem = Problem.of(thrown);
      this.state = this.items.length ? 'ready' : 'failed';
    }
  }

  async more(): Promise<void> {
    if (this.isFetching || this.nextCursor === null) return;
    this.isFetching = true;
    this.problem = null;
    try {
      const page = await this.#read(this.nextCursor);
      this.items = [...this.items, ...page.items];
      this.nextCursor = page.next_cursor;
    } catch (thrown) {
      this.problem = Problem.of(thrown);
    } finally {
      this.isFetching = false;
    }
  }

  /** On coming back: as much as there was is read anew, and stands there until it has come. */
  async again(): Promise<void> {
    if (this.items.length === 0) return this.load();
    try {
      const wanted = this.items.length;
      const items: Item[] = [];
      let cursor: string | null = null;
      do {
        const page: Page<Item> = await this.#read(cursor);
        items.push(...page.items);
        cursor = page.next_cursor;
      } while (cursor !== null && items.length < wanted);
      // Read further meanwhile: that is newer than this.
      if (this.items.length !== wanted) return;
      this.items = items;
      this.nextCursor = cursor;
    } catch {
      // What is there can still be read.
    }
  }

  change(replace: (item: Item) => Item): void {
    this.items = this.items.map(replace);
  }
}
