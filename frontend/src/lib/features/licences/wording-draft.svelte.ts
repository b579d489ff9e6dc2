import type { InstrumentDetail } from '#lib/features/instruments/shapes.ts';
import type { WordingWrite } from './shapes.ts';

type Label = { code: number; label: string };
type LabelSet = { name: string; items: string[]; options: Label[] };

/** The words of an instrument in one language, while an administrator copies them from its form. */
export class WordingDraft {
  readonly structure: number;
  language = $state('en');
  title = $state('');
  intro = $state('');
  stem = $state('');
  items = $state<{ name: string; text: string }[]>([]);
  sets = $state<LabelSet[]>([]);

  constructor(instrument: InstrumentDetail) {
    this.structure = instrument.version;
    this.items = instrument.structure.map(({ name }) => ({ name, text: '' }));
    const names = new Set(instrument.structure.map((item) => item.option_set));
    for (const name of names) {
      if (name === null) continue;
      const sharing = instrument.structure.filter((item) => item.option_set === name);
      this.sets.push({
        name,
        items: sharing.map((item) => item.name),
        options: (sharing[0]?.codes ?? []).map((code) => ({ code, label: '' }))
      });
    }
  }

  /** The order on screen is that of the licensed form, which may begin at either end. */
  turn(set: LabelSet): void {
    set.options.reverse();
  }

  /** The id of the first part that has no words yet; null when all have. */
  get missing(): string | null {
    if (!this.title.trim()) return 'title';
    const item = this.items.findIndex(({ text }) => !text.trim());
    if (item >= 0) return `item-${item}`;
    const set = this.sets.findIndex(({ options }) => options.some(({ label }) => !label.trim()));
    if (set < 0) return null;
    const option = this.sets[set]?.options.findIndex(({ label }) => !label.trim());
    return `set-${set}-${option}`;
  }

  toSend(): WordingWrite {
    return {
      structure: this.structure,
      language: this.language.trim(),
      title: this.title.trim(),
      intro: this.intro.trim() || null,
      stem: this.stem.trim() || null,
      items: this.items.map(({ name, text }) => ({ name, text: text.trim() })),
      option_sets: this.sets.map(({ name, options }) => ({
        name,
        options: options.map(({ code, label }) => ({ code, label: label.trim() }))
      }))
    };
  }
}
