import { createContext } from 'svelte';
import { Problem } from '#lib/api/index.ts';
import type { Notification } from '#lib/api/shapes.ts';
import { readNews, seeNews } from './news.actions.ts';

/** What happened that concerns this person, newest first. */
export class News {
  items = $state.raw<Notification[]>([]);
  nextCursor = $state<string | null>(null);
  isLoaded = $state(false);
  problem = $state.raw<Problem | null>(null);

  get hasUnread(): boolean {
    return this.items.some((item) => !item.is_read);
  }

  async refresh(): Promise<void> {
    try {
      const page = await readNews(null);
      this.items = page.items;
      this.nextCursor = page.next_cursor;
      this.problem = null;
      this.isLoaded = true;
    } catch (thrown) {
      this.problem = Problem.of(thrown);
    }
  }

  async more(): Promise<void> {
    if (this.nextCursor === null) return;
    const page = await readNews(this.nextCursor);
    this.items = [...this.items, ...page.items];
    this.nextCursor = page.next_cursor;
  }

  /** They are shown as new until the next visit; the server hears at once. */
  async markSeen(): Promise<void> {
    const newest = this.items[0];
    if (newest && this.hasUnread) await seeNews(newest.id);
  }

  /** On leaving the page: nothing there is new any more. */
  settle(): void {
    this.items = this.items.map((item) => ({ ...item, is_read: true }));
  }
}

export const [getNews, setNews] = createContext<News>();
