import { Act } from '#lib/api/act.svelte.ts';
import { FormDraft } from '#lib/features/drafts/form-draft.svelte.ts';
import { safeStorage } from '#lib/features/drafts/store.ts';
import * as actions from './projects.actions.ts';
import type { ProjectPageRead } from './shapes.ts';

type Related = { title: string; url: string };
export type PageWords = { based_on: number; about: string; contact: string; related: Related[] };

const wordsOf = ({ version, about, contact, related }: ProjectPageRead): PageWords => ({
  based_on: version,
  about: about,
  contact,
  related: related.map(({ title, url }) => ({ title, url }))
});

/** The public page of a study while it is written: kept on the device, saved as a version. */
export class PageDesk {
  readonly draft: FormDraft<PageWords>;
  readonly act = new Act();
  newest = $state.raw() as ProjectPageRead;
  /** What someone else saved while this was written. */
  other = $state.raw<ProjectPageRead | null>(null);

  constructor(
    owner: string,
    readonly studyId: string,
    newest: ProjectPageRead,
    storage: Storage | null = safeStorage()
  ) {
    this.newest = newest;
    this.draft = new FormDraft(owner, `project-page:${studyId}`, wordsOf(newest), storage);
    if (this.draft.words.based_on !== newest.version) this.meet(newest);
  }

  get isChanged(): boolean {
    return !isSame(this.draft.words, wordsOf(this.newest));
  }

  async save(): Promise<ProjectPageRead | null> {
    const { based_on, about, contact, related } = $state.snapshot(this.draft.words) as PageWords;
    const body = {
      based_on,
      about: about.trim(),
      contact: contact.trim(),
      related: related.filter(({ title, url }) => title.trim() || url.trim())
    };
    const saved = await this.act.run(() => actions.writePage(this.studyId, body));
    if (saved) return this.settle(saved);
    if (!this.act.problem?.is('project-page-changed')) return null;
    const newest = await this.act.run(() => actions.readPage(this.studyId));
    return newest ? this.meet(newest) : null;
  }

  private settle(saved: ProjectPageRead): ProjectPageRead {
    [this.newest, this.other] = [saved, null];
    this.draft.clear(wordsOf(saved));
    return saved;
  }

  /** Mine stand, theirs are shown beside them; the next save follows theirs. */
  private meet(newest: ProjectPageRead): ProjectPageRead | null {
    const mine = $state.snapshot(this.draft.words) as PageWords;
    // The answer to an earlier try was lost: what is there is this.
    if (isSame(mine, wordsOf(newest))) return this.settle(newest);
    this.draft.clear(wordsOf(newest));
    this.draft.words = { ...mine, based_on: newest.version };
    this.draft.save();
    [this.newest, this.other] = [newest, newest];
    return null;
  }
}

function isSame(one: PageWords, other: PageWords): boolean {
  const plain = ({ about, contact, related }: PageWords) =>
    JSON.stringify([about.trim(), contact.trim(), related]);
  return plain(one) === plain(other);
}
