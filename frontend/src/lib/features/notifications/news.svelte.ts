import { createContext } from 'svelte';
import { Pages } from '#lib/api/pages.svelte.ts';
import type { Notification, Page } from '#lib/api/shapes.ts';

type Source = {
  readNews: (cursor: string | null) => Promise<Page<Notification>>;
  seeNews: (until: string) => Promise<unknown>;
};

/** What happened that concerns this person, newest first. */
export class News extends Pages<Notification> {
  #source: Source;

  constructor(source: Source) {
    super(source.readNews);
    this.#source = source;
  }

  get hasUnread(): boolean {
    return this.items.some((item) => !item.is_read);
  }

  /** What is new comes on top; what was opened below it stays open. */
  async refresh(): Promise<void> {
    await this.load(this.#source.readNews(null).then((page) => this.#joined(page)));
  }

  /** They are shown as new until the next visit; the server hears at once. */
  async markRead(): Promise<void> {
    const newest = this.items[0];
    if (newest && this.hasUnread) await this.#source.seeNews(newest.id);
  }

  /** On leaving the page: nothing there is new any more. */
  settle(): void {
    this.change((item) => ({ ...item, is_read: true }));
  }

  #joined(page: Page<Notification>): Page<Notification> {
    const last = this.items.findIndex(({ id }) => id === page.items.at(-1)?.id);
    if (last === -1 || last === this.items.length - 1) return page;
    const older = this.items.slice(last + 1);
    return { items: [...page.items, ...older], next_cursor: this.nextCursor };
  }
}

export const [getNews, setNews] = createContext<News>();
