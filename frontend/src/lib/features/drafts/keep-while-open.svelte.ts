import { onMount } from 'svelte';
import type { Kept } from './kept.svelte.ts';

type Options = {
  /** What is on its way to the server is not exchanged for what another tab wrote. */
  isBusy: () => boolean;
  onadopt?: () => void;
};

/** To be called while a component is set up: keeps its words as they change, and when it goes. */
export function keepWhileOpen(draft: Kept, { isBusy, onadopt }: Options): void {
  $effect(() => {
    void draft.written;
    draft.saveSoon();
  });

  onMount(() => {
    const save = () => draft.save();
    const adopt = ({ key }: StorageEvent) => {
      if (!isBusy() && draft.adopt(key)) onadopt?.();
    };
    addEventListener('pagehide', save);
    addEventListener('storage', adopt);
    document.addEventListener('visibilitychange', save);
    return () => {
      removeEventListener('pagehide', save);
      removeEventListener('storage', adopt);
      document.removeEventListener('visibilitychange', save);
      draft.flush();
    };
  });
}
