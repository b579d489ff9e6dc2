import { Problem } from '#lib/api/index.ts';
import type { Post, ThreadPage } from '#lib/api/shapes.ts';
import { gone } from '#lib/features/posts/gone.ts';
import { LivePosts } from '#lib/features/posts/live-posts.svelte.ts';
import type { Handlers } from '#lib/realtime/live.svelte.ts';

type Source = {
  readThread: (id: string, cursor?: string | null) => Promise<ThreadPage>;
  readPost: (id: string) => Promise<Post>;
};

/** One thread on screen, oldest reply first; new replies wait below. */
export class ThreadView extends LivePosts {
  post = $state.raw<Post | null>(null);
  replies = $state.raw<Post[]>([]);
  readonly id: string;
  #source: Source;
  /** Replies of one's own that stand at the end before what comes in between was fetched. */
  #early = new Set<string>();

  constructor(id: string, source: Source) {
    super(source.readPost);
    this.id = id;
    this.#source = source;
  }

  async load(first?: Promise<ThreadPage>): Promise<void> {
    await this.begin(async () => {
      const before = new Set(this.replies.map(({ id }) => id));
      const page = await this.#read(first);
      if (page === null) return this.#close();
      const replies = [...page.replies.items];
      let next = page.replies.next_cursor;
      // Read anew, as much as was on screen: nobody loses their place.
      while (next !== null && replies.length < this.replies.length) {
        const more = (await this.#source.readThread(this.id, next)).replies;
        replies.push(...more.items);
        next = more.next_cursor;
      }
      // One's own that stand apart, and what was added while this was being read.
      const early = this.replies.filter(
        (reply) =>
          (this.#early.has(reply.id) || !before.has(reply.id)) &&
          !replies.some(({ id }) => id === reply.id)
      );
      this.#early = next === null ? new Set() : new Set(early.map(({ id }) => id));
      this.post = page.post;
      this.replies = [...replies, ...early];
      this.nextCursor = next;
      this.position = page.position;
    });
  }

  /** After a gap: what this person can't read any more is not here any more. */
  async again(): Promise<void> {
    const first = this.#source.readThread(this.id);
    try {
      await first;
    } catch (thrown) {
      const problem = Problem.of(thrown);
      if (problem.status === 404) return this.#leave(problem);
    }
    await this.load(first);
  }

  #leave(problem: Problem): void {
    this.post = null;
    this.replies = [];
    this.waiting = [];
    this.nextCursor = null;
    this.problem = problem;
    this.state = 'failed';
  }

  /** The first page, or null when a thread that was on screen can't be read any more. */
  async #read(first?: Promise<ThreadPage>): Promise<ThreadPage | null> {
    try {
      return await (first ?? this.#source.readThread(this.id));
    } catch (thrown) {
      if (this.post && Problem.of(thrown).status === 404) return null;
      throw thrown;
    }
  }

  /** Hidden, with all that stands below it. */
  #close(): void {
    if (this.post)
      this.post = gone(this.post, this.post.state === 'visible' ? 'hidden' : this.post.state);
    this.replies = [];
    this.waiting = [];
    this.nextCursor = null;
    this.#early = new Set();
  }

  protected override fade(postId: string, state: 'withdrawn' | 'hidden'): void {
    super.fade(postId, state);
    // What stands below a hidden post is hidden with it, but for one's own.
    if (postId === this.post?.id && state === 'hidden') void this.load();
  }

  async more(): Promise<void> {
    await this.fetch(async () => {
      const page = await this.#source.readThread(this.id, this.nextCursor);
      for (const { id } of page.replies.items) this.#early.delete(id);
      const known = new Set(page.replies.items.map(({ id }) => id));
      const early = this.replies.filter(({ id }) => this.#early.has(id));
      const before = this.replies.filter(({ id }) => !this.#early.has(id) && !known.has(id));
      this.replies = [...before, ...page.replies.items, ...early];
      this.nextCursor = page.replies.next_cursor;
    });
  }

  /** The last of what was read without a gap: all before it was on screen too. */
  get lastInOrder(): Post | null {
    return this.replies.filter(({ id }) => !this.#early.has(id)).at(-1) ?? this.post;
  }

  /** Reads on until this post is on screen or there is no more. */
  async reach(postId: string): Promise<void> {
    while (!this.find(postId) && this.nextCursor !== null && !this.problem) await this.more();
  }

  /** Puts the waiting replies below. Returns the first of them, for the focus to go to. */
  async showWaiting(): Promise<Post | undefined> {
    const ids = this.waiting;
    let first: Post | undefined;
    await this.fetch(async () => {
      const found = await Promise.all(ids.map((id) => this.#source.readPost(id).catch(missing)));
      const posts = found.filter((post) => post !== null);
      first = posts[0];
      this.#append(posts);
      this.waiting = this.waiting.filter((id) => !ids.includes(id));
    });
    return first;
  }

  /** One's own reply is there at once. */
  add(reply: Post): void {
    this.forget(reply.id);
    if (this.nextCursor !== null && !this.find(reply.id)) this.#early.add(reply.id);
    this.#append([reply]);
  }

  replace(post: Post): void {
    if (post.id === this.post?.id) {
      const wasHidden = this.post.state === 'hidden' && this.post.body_html === '';
      this.post = post;
      // Its replies were hidden with it: they are there again.
      if (wasHidden && post.state === 'visible') void this.load();
    } else this.replies = this.replies.map((each) => (each.id === post.id ? post : each));
  }

  get size(): number {
    return this.replies.length;
  }

  find(id: string): Post | null {
    if (this.post?.id === id) return this.post;
    return this.replies.find((reply) => reply.id === id) ?? null;
  }

  protected drop(id: string): void {
    this.replies = this.replies.filter((reply) => reply.id !== id);
    this.forget(id);
  }

  get handlers(): Handlers {
    return {
      ...this.changes,
      'post.published': (frame) => this.#arrived(frame.post_id, frame.parent_id)
    };
  }

  /** While older replies are still to be fetched, new ones will come with them. */
  #arrived(postId: string, parentId: string | null): void {
    const isKnown = parentId === null || this.find(postId) || this.waiting.includes(postId);
    if (!isKnown && this.nextCursor === null) this.waiting = [...this.waiting, postId];
  }

  #append(posts: Post[]): void {
    const fresh = posts.filter((post) => !this.find(post.id));
    this.replies = [...this.replies, ...fresh];
  }
}

/** Taken back or hidden meanwhile: then it is simply not there. */
function missing(thrown: unknown): null {
  if (Problem.of(thrown).status === 404) return null;
  throw thrown;
}
