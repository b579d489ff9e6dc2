import { Pages } from '#lib/api/pages.svelte.ts';
import type { Author, FoundPage, FoundPost, Post } from '#lib/api/shapes.ts';

/** What a search found: posts page by page, and members of that name with the first of them. */
export class SearchResults extends Pages<FoundPost> {
  members = $state.raw<Author[]>([]);
  hasMoreMembers = $state(false);

  constructor(read: (cursor: string | null) => Promise<FoundPage>) {
    super(async (cursor) => {
      const page = await read(cursor);
      if (cursor === null) {
        this.members = page.members;
        this.hasMoreMembers = page.has_more_members;
      }
      return page;
    });
  }

  /** A post that was read anew, without marks: they stay where its words are the same. */
  replace(post: Post): void {
    this.change((each) => (each.id === post.id ? withMarks(each, post) : each));
  }
}

export function withMarks(found: FoundPost, now: Post): FoundPost {
  const isSameNote = found.note?.about === now.note?.about;
  return {
    ...now,
    body_html: unmarked(found.body_html) === now.body_html ? found.body_html : now.body_html,
    note_html: isSameNote ? found.note_html : null
  };
}

const unmarked = (html: string) => html.replaceAll('<mark>', '').replaceAll('</mark>', '');

const SHOWN_AT_ONCE = 400;

/** Whether the first thing found stands so far down that a card cut short would not show it. */
export function isFoundFarDown(html: string): boolean {
  return html.indexOf('<mark>') > SHOWN_AT_ONCE;
}
