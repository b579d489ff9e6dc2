import type { HeldByStudy } from './shapes.ts';

/** What My data shows, and which of its parts are unfolded: there again on coming back. */
export class MyDataPlace {
  held = $state.raw<HeldByStudy[] | null>(null);
  unfolded = $state<Record<string, boolean>>({});
}
