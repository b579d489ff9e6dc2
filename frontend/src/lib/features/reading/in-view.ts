import type { Attachment } from 'svelte/attachments';
import type { ReadingLog } from './reading.ts';

const HALF = 0.5;

/** Tells the log while at least half of the element, or half of the window, shows it. */
export function inView(postId: string, reading: () => ReadingLog | null): Attachment<Element> {
  return (element) => {
    const log = reading();
    if (!log) return undefined;
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (!entry) return;
        const fills = entry.intersectionRect.height >= innerHeight * HALF;
        if (entry.intersectionRatio >= HALF || fills) log.enter(postId);
        else log.leave(postId);
      },
      { threshold: [0, 0.1, 0.25, HALF, 0.75, 1] }
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      log.leave(postId);
    };
  };
}
