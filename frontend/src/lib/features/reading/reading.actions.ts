import { onMount } from 'svelte';
import * as api from '#lib/api/index.ts';
import type { SignedIn } from '#lib/features/accounts/signed-in.svelte.ts';
import { ReadingLog, type Read } from './reading.ts';

/** A lost batch is lost: a study can do without, a member must not be troubled for it. */
async function send(items: Read[], isLast: boolean): Promise<void> {
  await api.recordReads({ body: { items }, keepalive: isLast }).catch(() => undefined);
}

/** To be called while a component is set up. Nothing is measured unless this person said yes. */
export function readingFor(signedIn: SignedIn): () => ReadingLog | null {
  const log = new ReadingLog({ isVisible: () => document.visibilityState === 'visible', send });
  onMount(() => {
    const stop = log.start();
    const hide = () => {
      if (document.visibilityState === 'hidden') void log.flush(true);
    };
    document.addEventListener('visibilitychange', hide);
    return () => {
      document.removeEventListener('visibilitychange', hide);
      stop();
    };
  });
  return () => (signedIn.me.records_reading ? log : null);
}
