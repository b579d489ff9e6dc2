import type { Attachment } from 'svelte/attachments';
import type { ActLog } from './act-log.ts';

const HALF = 0.5;

/** Tells the clock while at least half of the element, or half of the window, shows it. */
export function inView(acts: () => ActLog | null): Attachment<Element> {
  return (element) => {
    const clock = acts()?.clock;
    if (!clock) return undefined;
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (!entry) return;
        const fills = entry.intersectionRect.height >= innerHeight * HALF;
        if (entry.intersectionRatio >= HALF || fills) clock.enter(element);
        else clock.leave(element);
      },
      { threshold: [0, 0.1, 0.25, HALF, 0.75, 1] }
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      clock.leave(element);
    };
  };
}
