import type { Askable, AskableField, QuestionWrite } from './shapes.ts';

export const NOTHING = '';
export const MOST_FILTERS = 3;

type Filter = { key: number; field: string; value: string };

/** A question as it is put together, choice by choice. What no longer fits is let go. */
export class Asking {
  of = $state('taking_part');
  count = $state<'people' | 'acts'>('people');
  first = $state(NOTHING);
  second = $state(NOTHING);
  filters = $state<Filter[]>([]);
  #made = 0;

  constructor(readonly askable: Askable) {}

  get measure() {
    return this.askable.measures.find(({ name }) => name === this.of);
  }

  /** What can still be filtered by: each field once, and only those whose values are listed. */
  fieldsFor(filter: Filter): AskableField[] {
    const taken = this.filters.filter((other) => other !== filter).map(({ field }) => field);
    return this.askable.fields.filter(
      ({ name, values }) => values.length > 0 && !taken.includes(name)
    );
  }

  valuesOf(field: string) {
    return this.askable.fields.find(({ name }) => name === field)?.values ?? [];
  }

  add(): void {
    const key = ++this.#made;
    const [field] = this.fieldsFor({ key, field: '', value: '' });
    if (!field || this.filters.length >= MOST_FILTERS) return;
    this.filters.push({ key, field: field.name, value: field.values[0]?.value ?? '' });
  }

  remove(key: number): void {
    this.filters = this.filters.filter((filter) => filter.key !== key);
  }

  choose(filter: Filter, field: string): void {
    filter.field = field;
    filter.value = this.valuesOf(field)[0]?.value ?? '';
  }

  question(): QuestionWrite {
    const by = [this.first, this.second].filter((name) => name !== NOTHING);
    return {
      of: this.of,
      count: this.measure?.has_acts ? this.count : 'people',
      by: [...new Set(by)],
      where: this.filters.map(({ field, value }) => ({ field, value }))
    };
  }
}
