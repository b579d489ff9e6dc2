import { Problem } from '#lib/api/problem.ts';
import type { Post } from '#lib/api/shapes.ts';

const TOGETHER_MS = 150;

/**
 * Reads anew the posts that live events name. Many events about one post within a moment are one
 * read, and an answer that was overtaken by a later event is asked for again.
 */
export class Refresher {
  #read: (id: string) => Promise<Post>;
  #done: (post: Post) => void;
  #gone: (id: string) => void;
  #asked = new Set<string>();
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

  /** What can't be read now stays as it is; a lost line brings everything anew when it is back. */
  async #refresh(postId: string): Promise<void> {
    try {
      const post = await this.#read(postId);
      if (!this.#asked.has(postId)) this.#done(post);
    } catch (thrown) {
      if (Problem.of(thrown).status === 404) this.#gone(postId);
    }
  }
}
