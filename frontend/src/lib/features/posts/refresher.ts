import { Problem } from '#lib/api/problem.ts';
import type { Post } from '#lib/api/shapes.ts';

const TOGETHER_MS = 150;
const AGAIN_MS = 3_000;

/**
 * Reads anew the posts that live events name. Many events about one post within a moment are one
 * read; an answer that was overtaken by something later says nothing any more.
 */
export class Refresher {
  #read: (id: string) => Promise<Post>;
  #done: (post: Post) => void;
  #gone: (id: string) => void;
  #asked = new Set<string>();
  #turns = new Map<string, number>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    read: (id: string) => Promise<Post>,
    done: (post: Post) => void,
    gone: (id: string) => void = () => undefined
  ) {
    this.#read = read;
    this.#done = done;
    this.#gone = gone;
  }

  ask(postId: string): void {
    this.#asked.add(postId);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const asked = [...this.#asked];
      this.#asked.clear();
      void Promise.all(asked.map((id) => this.#refresh(id)));
    }, TOGETHER_MS);
  }

  /** What is being read of this post, or asked for, is older than what is known by now. */
  overtake(postId: string): number {
    this.#asked.delete(postId);
    const turn = (this.#turns.get(postId) ?? 0) + 1;
    this.#turns.set(postId, turn);
    return turn;
  }

  /** What can't be read now is asked for again in a while: no event will tell of it once more. */
  async #refresh(postId: string): Promise<void> {
    const turn = this.overtake(postId);
    const isOvertaken = () => this.#turns.get(postId) !== turn || this.#asked.has(postId);
    try {
      const post = await this.#read(postId);
      if (!isOvertaken()) this.#done(post);
    } catch (thrown) {
      if (isOvertaken()) return;
      const problem = Problem.of(thrown);
      if (problem.status === 404) this.#gone(postId);
      else if (!problem.isSignedOut) setTimeout(() => !isOvertaken() && this.ask(postId), AGAIN_MS);
    }
  }
}
