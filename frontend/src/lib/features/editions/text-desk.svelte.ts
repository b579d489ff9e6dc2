import { Act } from '#lib/api/act.svelte.ts';
import { FormDraft } from '#lib/features/drafts/form-draft.svelte.ts';
import { safeStorage } from '#lib/features/drafts/store.ts';
import {
  isSameText,
  merge,
  sectionsOf,
  wordsFrom,
  type Sections,
  type TextWords
} from './edition-text.ts';
import * as actions from './editions.actions.ts';
import type { EditionKind, EditionText } from './shapes.ts';

/**
 * The text of one edition while it is written: kept on the device, saved as a version, and brought
 * together with what someone else saved meanwhile.
 */
export class TextDesk {
  readonly draft: FormDraft<TextWords>;
  readonly act = new Act();
  /** The newest version that is known here. */
  newest = $state.raw() as EditionText;
  /** What someone else saved while this was written. */
  other = $state.raw<EditionText | null>(null);
  /** The sections that both changed. */
  both = $state.raw<string[]>([]);

  constructor(
    owner: string,
    readonly studyId: string,
    readonly kind: EditionKind,
    readonly names: string[],
    newest: EditionText,
    storage: Storage | null = safeStorage()
  ) {
    this.newest = newest;
    const start = wordsFrom(names, newest.version, newest.sections);
    this.draft = new FormDraft(owner, `edition:${studyId}:${kind}`, start, storage);
  }

  get sections(): Sections {
    return sectionsOf(this.names, this.draft.words);
  }

  get isChanged(): boolean {
    return !isSameText(this.names, this.sections, this.newest.sections);
  }

  /** What was kept here may have been begun on a version that is not the newest any more. */
  async catchUp(): Promise<void> {
    if (this.draft.words.based_on !== this.newest.version)
      await this.act.run(() => this.meet(this.newest));
  }

  /** Returns the version that was made of it. */
  async save(datasetId: string): Promise<EditionText | null> {
    const { sections } = this;
    const based_on = this.draft.words.based_on;
    const saved = await this.act.run(() =>
      actions.writeText(this.studyId, this.kind, { based_on, sections, dataset_id: datasetId })
    );
    if (saved) return this.settle(saved);
    if (!this.act.problem?.is('edition-text-changed')) return null;
    return (
      (await this.act.run(async () =>
        this.meet(await actions.readText(this.studyId, this.kind))
      )) ?? null
    );
  }

  /** An earlier version to write on from; what stands here is put aside. */
  writeOnFrom({ sections }: EditionText): void {
    const put = this.draft.written;
    this.draft.words = wordsFrom(this.names, this.newest.version, sections);
    this.draft.replaced = put;
  }

  private settle(saved: EditionText): EditionText {
    [this.newest, this.other, this.both] = [saved, null, []];
    this.draft.clear(wordsFrom(this.names, saved.version, saved.sections));
    return saved;
  }

  private async meet(newest: EditionText): Promise<EditionText | null> {
    const mine = this.sections;
    // The answer to an earlier try was lost: what is there is this.
    if (isSameText(this.names, mine, newest.sections)) return this.settle(newest);
    const base = await this.baseOf(this.draft.words.based_on);
    const { sections, both } = merge(this.names, base, mine, newest.sections);
    this.draft.clear(wordsFrom(this.names, newest.version, newest.sections));
    this.draft.words = wordsFrom(this.names, newest.version, sections);
    this.draft.save();
    [this.newest, this.other, this.both] = [newest, newest, both];
    return null;
  }

  private async baseOf(version: number): Promise<Sections> {
    if (version === 0) return {};
    return (await actions.readVersion(this.studyId, this.kind, version)).sections;
  }
}
