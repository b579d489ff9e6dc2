import { FormDraft } from '#lib/features/drafts/form-draft.svelte.ts';
import type { InstrumentDetail } from '#lib/features/instruments/shapes.ts';
import type { WordingWrite } from './shapes.ts';

type Label = { code: number; label: string };
type LabelSet = { name: string; items: string[]; options: Label[] };
type Words = {
  language: string;
  title: string;
  intro: string;
  stem: string;
  items: { name: string; text: string }[];
  sets: LabelSet[];
};

/** The words of an instrument in one language, while an administrator copies them from its form. */
export class WordingDraft extends FormDraft<Words> {
  readonly structure: number;

  constructor(owner: string, instrument: InstrumentDetail, storage: Storage | null) {
    const place = `wording:${instrument.name}:${instrument.version}`;
    super(owner, place, startOf(instrument), storage);
    this.structure = instrument.version;
  }

  /** The order on screen is that of the licensed form, which may begin at either end. */
  turn(set: LabelSet): void {
    set.options.reverse();
  }

  /** The id of the first part that has no words yet; null when all have. */
  get missing(): string | null {
    const { title, items, sets } = this.words;
    if (!title.trim()) return 'title';
    const item = items.findIndex(({ text }) => !text.trim());
    if (item >= 0) return `item-${item}`;
    const set = sets.findIndex(({ options }) => options.some(({ label }) => !label.trim()));
    if (set < 0) return null;
    const option = sets[set]?.options.findIndex(({ label }) => !label.trim());
    return `set-${set}-${option}`;
  }

  toSend(): WordingWrite {
    const { language, title, intro, stem, items, sets } = this.words;
    return {
      structure: this.structure,
      language: language.trim(),
      title: title.trim(),
      intro: intro.trim() || null,
      stem: stem.trim() || null,
      items: items.map(({ name, text }) => ({ name, text: text.trim() })),
      option_sets: sets.map(({ name, options }) => ({
        name,
        options: options.map(({ code, label }) => ({ code, label: label.trim() }))
      }))
    };
  }
}

/** Nothing written yet: each item, and each set of labels once for the items that share it. */
function startOf({ structure }: InstrumentDetail): Words {
  const sets: LabelSet[] = [];
  for (const name of new Set(structure.map((item) => item.option_set))) {
    const sharing = structure.filter((item) => item.option_set === name);
    const options = (sharing[0]?.codes ?? []).map((code) => ({ code, label: '' }));
    if (name !== null) sets.push({ name, items: sharing.map((item) => item.name), options });
  }
  const items = structure.map(({ name }) => ({ name, text: '' }));
  return { language: 'en', title: '', intro: '', stem: '', items, sets };
}
