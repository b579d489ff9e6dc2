import { onDate } from '#lib/text/when.ts';
import { count } from '#lib/text/words.ts';
import type { WaveRead } from './shapes.ts';

/** A wave's address: its study and its number. */
export const waveHref = ({ study_id, wave }: Pick<WaveRead, 'study_id' | 'wave'>) =>
  `/questionnaires/${study_id}-${wave}`;

/** The wave at an address; null when it is none. */
export function waveAt(id: string): { study: string; wave: number } | null {
  const found = /^([0-9a-f-]{36})-(\d{1,2})$/.exec(id);
  return found ? { study: found[1]!, wave: Number(found[2]) } : null;
}

/** Whether it can be answered now. */
export const isOpen = ({ standing }: WaveRead) =>
  ['open', 'begun', 'late', 'declined'].includes(standing);

/** The last day, when something ends: midnight belongs to the day before, as people say it. */
export const lastDay = (moment: string) => onDate(new Date(new Date(moment).getTime() - 1));

/** How a wave stands with its reader, in a sentence or two. */
export function standingWords(wave: WaveRead): string {
  const { standing, opens_at, closes_at, ends_at, minutes, answered } = wave;
  const about = `about ${count(minutes, 'minute')}`;
  switch (standing) {
    case 'upcoming':
      return `Opens ${onDate(opens_at)}.`;
    case 'open':
      return `Takes ${about}. Open until ${lastDay(closes_at)}.`;
    case 'begun':
      return `You've answered ${count(answered, 'question')}. Open until ${lastDay(closes_at)}.`;
    case 'late':
      return `Its time is over, and your answers are still welcome until ${lastDay(ends_at)}.`;
    case 'declined':
      return `You said “not this time”. If you change your mind, your answers are taken until ${lastDay(ends_at)}.`;
    case 'done':
      return 'Handed in. Thank you.';
    case 'missed':
      return answered
        ? `Its time is over. The ${count(answered, 'answer')} you gave are kept.`
        : 'Its time is over. That’s fine.';
  }
}
