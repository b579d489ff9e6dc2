import { Problem } from '#lib/api/index.ts';
import type { Post } from '#lib/api/shapes.ts';
import type { Handlers } from '#lib/realtime/live.svelte.ts';
import { gone } from './gone.ts';
import { Refresher } from './refresher.ts';

/**
 * Posts on screen, of a wall or a thread: what is there changes in its place, and what is new
 * waits until it is asked for.
 */
export abstract class LivePosts {
  /** Ids of new posts, in the order of their arrival. */
  waiting = $state.raw<string[]>([]);
  state = $state<'loading' | 'ready' | 'failed'>('loading');
  problem = $state.raw<Problem | null>(null);
  /** Where the stream of events stood when this was read. */
  position = $state<string | null>(null);
  nextCursor = $state<string | null>(null);
  isFetching = $state(false);
  protected readonly refresher: Refresher;
  /** Read anew without an event about them: what is not there any more just goes. */
  readonly #leaving = new Set<string>();

  constructor(readPost: (id: string) => Promise<Post>) {
    this.refresher = new Refresher(
      readPost,
      (post) => {
        this.#leaving.delete(post.id);
        this.replace(post);
      },
      (id) => (this.#leaving.delete(id) ? this.drop(id) : this.fade(id, 'hidden'))
    );
  }

  /** How many stand there that were read page by page. */
  abstract get size(): number;

  abstract find(id: string): Post | null;

  abstract replace(post: Post): void;

  /** Takes it off the screen, place and all. */
  protected abstract drop(id: string): void;

  /** What happens to posts that are there. */
  protected get changes() {
    const changed = (frame: { post_id: string }) => {
      if (this.find(frame.post_id)) this.refresher.ask(frame.post_id);
    };
    return {
      'post.edited': changed,
      'post.withdrawn': (frame) => {
        this.refresher.overtake(frame.post_id);
        this.forget(frame.post_id);
        this.fade(frame.post_id, 'withdrawn');
      },
      'post.hidden': (frame) => {
        this.forget(frame.post_id);
        changed(frame);
      },
      'post.covered': changed,
      'post.folded': changed,
      'post.restored': changed,
      'reaction.given': changed,
      'reaction.taken_back': changed
    } satisfies Handlers;
  }

  /** Reads what stands here anew; it goes if this person can't read it any more. */
  protected askAnew(id: string): void {
    this.#leaving.add(id);
    this.refresher.ask(id);
  }

  protected forget(postId: string): void {
    this.waiting = this.waiting.filter((id) => id !== postId);
  }

  /** What waited before a reading came with it; what arrived meanwhile still waits. */
  protected settle(awaited: string[]): void {
    this.waiting = this.waiting.filter((id) => !awaited.includes(id) && !this.find(id));
  }

  protected fade(postId: string, state: 'withdrawn' | 'hidden'): void {
    const post = this.find(postId);
    if (post) this.replace(gone(post, state));
  }

  /** One reading at a time; what stands in its way is said, and nothing on screen is lost. */
  protected async fetch(work: () => Promise<void>): Promise<void> {
    if (this.isFetching) return;
    this.isFetching = true;
    this.problem = null;
    try {
      await work();
    } catch (thrown) {
      this.problem = Problem.of(thrown);
    } finally {
      this.isFetching = false;
    }
  }

  /** The first reading, or everything anew. A failure leaves what is there. */
  protected async begin(work: () => Promise<void>): Promise<void> {
    try {
      const awaited = this.waiting;
      await work();
      this.settle(awaited);
      this.problem = null;
      this.state = 'ready';
    } catch (thrown) {
      this.problem = Problem.of(thrown);
      if (this.state !== 'ready') this.state = 'failed';
    }
  }
}
