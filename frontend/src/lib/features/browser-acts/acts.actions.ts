import { onMount } from 'svelte';
import * as api from '#lib/api/index.ts';
import type { BrowserAct } from '#lib/api/shapes.ts';
import type { SignedIn } from '#lib/features/accounts/signed-in.svelte.ts';
import { ActLog } from './act-log.ts';

const STIRS = ['scroll', 'wheel', 'keydown', 'pointerdown', 'pointermove', 'touchmove'] as const;
const QUIETLY = { capture: true, passive: true };

/** A lost batch is lost: a study can do without, a member must not be troubled for it. */
async function send(items: BrowserAct[], isLast: boolean): Promise<void> {
  await api.tellActivities({ body: { items }, keepalive: isLast }).catch(() => undefined);
}

const isVisible = () => document.visibilityState === 'visible';

/** To be called while a component is set up. Nothing is told unless this person said yes. */
export function actsFor(signedIn: SignedIn): () => ActLog | null {
  const isRecorded = () => signedIn.me.is_recorded;
  const log = new ActLog({ isVisible, isRecorded, send });
  onMount(() => {
    const stop = log.start();
    const stir = () => log.clock.stir();
    const turn = () => {
      if (isVisible()) stir();
      else void log.flush(true);
    };
    for (const type of STIRS) addEventListener(type, stir, QUIETLY);
    addEventListener('click', openHelp, QUIETLY);
    document.addEventListener('visibilitychange', turn);
    return () => {
      for (const type of STIRS) removeEventListener(type, stir, QUIETLY);
      removeEventListener('click', openHelp, QUIETLY);
      document.removeEventListener('visibilitychange', turn);
      stop();
    };
  });

  /** Help now stands on every screen and is a page without a script: its links are watched here. */
  function openHelp(event: MouseEvent) {
    if (!(event.target instanceof Element) || !event.target.closest('a[href="/help-now"]')) return;
    log.note('help_opened');
    void log.flush(true);
  }

  return () => (isRecorded() ? log : null);
}
