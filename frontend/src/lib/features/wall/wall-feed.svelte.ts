import { Problem } from '#lib/api/index.ts';
import type { Post, WallPage } from '#lib/api/shapes.ts';
import { LivePosts } from '#lib/features/posts/live-posts.svelte.ts';
import type { Handlers } from '#lib/realtime/live.svelte.ts';
import type { Filter } from './wall.actions.ts';

type Source = {
  readWall: (filter: Filter, cursor: string | null) => Promise<WallPage>;
  readPost: (id: string) => Promise<Post>;
};

/** The wall on screen; new posts wait above it, or, where the unanswered stand first, below those. */
export class WallFeed extends LivePosts {
  posts = $state.raw<Post[]>([]);
  /** Where the stream stood when the newest post on screen was read. */
  #shownAt = $state<string | null>(null);
  /** Which posts stood among those that wait for a reply when they were read. One that has its
   * reply by now stays in its place until the wall is opened anew. */
  #unanswered = $state.raw<ReadonlySet<string>>(new Set());
  /** How many posts have waited for hours, as the whole wall knows. */
  waitingCount = $state(0);
  readonly filter: Filter;
  #source: Source;

  constructor(filter: Filter, source: Source) {
    super(source.readPost);
    this.filter = filter;
    this.#source = source;
  }

  async load(first?: Promise<WallPage>): Promise<void> {
    await this.begin(async () => {
      const page = await (first ?? this.#source.readWall(this.filter, null));
      this.posts = page.items;
      this.nextCursor = page.next_cursor;
      this.position = this.#shownAt = page.position;
      this.#unanswered = new Set(unansweredOf(page));
      this.waitingCount = page.waiting_count ?? 0;
    });
  }

  /**
   * After a gap in the stream, or on coming back: what is on screen is read anew in its place, what
   * is new waits.
   */
  async refresh(first?: Promise<WallPage>): Promise<void> {
    if (this.posts.length === 0) return this.load(first);
    try {
      const page = await (first ?? this.#source.readWall(this.filter, null));
      const anew = new Map(page.items.map((post) => [post.id, post]));
      const isNew = (post: Post) => !this.find(post.id) && !this.waiting.includes(post.id);
      const others = [...this.posts.map(({ id }) => id), ...this.waiting];
      this.waiting = [
        ...this.#arriving(page)
          .filter(isNew)
          .map(({ id }) => id),
        ...this.waiting
      ];
      for (const id of others) if (!anew.has(id)) this.askAnew(id);
      this.posts = this.posts.map((post) => anew.get(post.id) ?? post);
    } catch (thrown) {
      this.problem = Problem.of(thrown);
    }
  }

  /** What stands above all that is on screen: others of a first page moved up, as some went. */
  #above(items: Post[]): Post[] {
    const known = items.findIndex(({ id }) => this.find(id));
    return known === -1 ? items : items.slice(0, known);
  }

  /** Up to where everything new was on screen; null while older new posts were not fetched yet. */
  get readUntil(): string | null {
    const isMore = this.nextCursor !== null && (this.posts.at(-1)?.is_unseen ?? false);
    return isMore ? null : this.#shownAt;
  }

  async more(): Promise<void> {
    await this.fetch(async () => {
      const page = await this.#source.readWall(this.filter, this.nextCursor);
      this.posts = [...this.posts, ...page.items.filter((post) => !this.find(post.id))];
      this.nextCursor = page.next_cursor;
      this.#unanswered = new Set([...this.#unanswered, ...unansweredOf(page)]);
    });
  }

  /** Puts what was waiting on top. Returns the first new post, for the focus to go to. */
  async showWaiting(): Promise<Post | undefined> {
    if (this.filter.unanswered) return this.#addUnanswered();
    const awaited = this.waiting;
    await this.fetch(async () => {
      const page = await this.#source.readWall(this.filter, null);
      const fresh = this.#above(page.items);
      const isGap = fresh.length === page.items.length && this.posts.length > 0;
      this.posts = isGap ? page.items : [...fresh, ...this.posts];
      if (isGap) this.nextCursor = page.next_cursor;
      this.#shownAt = page.position;
      this.settle(awaited);
    });
    return this.problem ? undefined : this.posts[0];
  }

  /** Who wrote last has waited least: the new posts follow those that wait already. */
  async #addUnanswered(): Promise<Post | undefined> {
    const awaited = this.waiting;
    let added: Post[] = [];
    await this.fetch(async () => {
      const found = await Promise.all(awaited.map((id) => this.#readIfThere(id)));
      added = found.filter((post) => post !== null && !this.find(post.id)) as Post[];
      const at = this.posts.findLastIndex(({ id }) => this.#unanswered.has(id)) + 1;
      this.posts = [...this.posts.slice(0, at), ...added, ...this.posts.slice(at)];
      this.#unanswered = new Set([...this.#unanswered, ...added.map(({ id }) => id)]);
      this.waiting = this.waiting.filter((id) => !awaited.includes(id));
    });
    return added[0];
  }

  async #readIfThere(id: string): Promise<Post | null> {
    try {
      return await this.#source.readPost(id);
    } catch (thrown) {
      if (Problem.of(thrown).status === 404) return null;
      throw thrown;
    }
  }

  /** Whether this post was read as one that waits for a reply, and stands among those. */
  standsUnanswered({ id }: Post): boolean {
    return this.#unanswered.has(id);
  }

  /** Whether all that wait are on screen: what is new follows them, else it comes with a page. */
  get #hasAllUnanswered(): boolean {
    return this.nextCursor === null || this.posts.some((post) => !this.standsUnanswered(post));
  }

  /** What of a first page can be new to this list. */
  #arriving(page: WallPage): Post[] {
    if (!this.filter.unanswered) return this.#above(page.items);
    return this.#hasAllUnanswered ? page.items.slice(0, page.waiting_here) : [];
  }

  get size(): number {
    return this.posts.length;
  }

  find(id: string): Post | null {
    return this.posts.find((post) => post.id === id) ?? null;
  }

  replace(post: Post): void {
    this.posts = this.posts.map((each) => (each.id === post.id ? post : each));
  }

  protected drop(id: string): void {
    this.posts = this.posts.filter((post) => post.id !== id);
    this.forget(id);
  }

  get handlers(): Handlers {
    const { changes } = this;
    return {
      ...changes,
      'post.published': (frame) => {
        if (frame.parent_id === null) this.#arrived(frame.post_id, frame.intent);
        else this.#count(frame.thread_id);
      },
      'post.withdrawn': (frame) => {
        changes['post.withdrawn'](frame);
        if (frame.post_id !== frame.thread_id) this.#count(frame.thread_id);
      }
    };
  }

  #arrived(postId: string, intent: string | null): void {
    const isOther = this.filter.intent !== null && this.filter.intent !== intent;
    if (this.filter.unanswered && !this.#hasAllUnanswered) return;
    if (isOther || this.find(postId) || this.waiting.includes(postId)) return;
    this.waiting = [...this.waiting, postId];
  }

  /** A post has one answer more or fewer. */
  #count(threadId: string): void {
    if (this.find(threadId)) this.refresher.ask(threadId);
  }
}

const unansweredOf = (page: WallPage) => page.items.slice(0, page.waiting_here).map(({ id }) => id);
