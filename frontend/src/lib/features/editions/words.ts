import { figure, roughly } from '#lib/text/figures.ts';
import { count } from '#lib/text/words.ts';
import { stamp } from '#lib/text/when.ts';
import type { Edition, EditionFile, EditionStepKind } from './shapes.ts';

/** The longest section, and the longest note of a checker, as the server counts. */
export const MOST_SECTION = 20_000;
export const MOST_NOTE = 1000;

export const isUnderWay = ({ state }: Pick<Edition, 'state'>) =>
  state === 'waiting' || state === 'rendering';

/** Made, signed off and not decided on. */
export const waitsForChecker = ({ state, is_signed_off, decision }: Edition) =>
  state === 'ready' && is_signed_off && decision === null;

export const waitsForAdviser = ({ state, is_signed_off, decision }: Edition) =>
  state === 'ready' && !is_signed_off && decision === null;

export const isReleased = ({ decision }: Pick<Edition, 'decision'>) =>
  decision?.decision === 'released';

/** Where one edition stands, as one says it. */
export function standingOf(edition: Edition): string {
  switch (edition.state) {
    case 'waiting':
      return 'Waits for its turn. The work goes on if you leave this page.';
    case 'rendering':
      return edition.of
        ? `Being made: ${figure(edition.done)} of ${count(edition.of, 'part')}.`
        : 'Being made.';
    case 'failed':
      return edition.why || 'It could not be made: something went wrong on our side.';
    case 'cancelled':
      return 'Stopped before it was made.';
    case 'withdrawn':
      return edition.why || 'Withdrawn: nobody is shown it any more.';
    case 'ready':
      return readyWords(edition);
  }
}

function readyWords({ decision, is_signed_off, reviews }: Edition): string {
  if (decision?.decision === 'released') return `Released ${stamp(decision.decided_at)}.`;
  if (decision) return `Refused ${stamp(decision.decided_at)}.`;
  if (is_signed_off) return 'Signed off. Waits for a checker.';
  const asks = reviews.some(({ verdict }) => verdict === 'needs_change');
  return asks ? 'An adviser asked for a change.' : 'Made. Waits for an adviser.';
}

const STEPS: Record<EditionStepKind, string> = {
  made: 'Somebody had it made',
  ready: 'It was ready',
  failed: 'It could not be made',
  cancelled: 'Somebody stopped it',
  withdrawn: 'It was withdrawn',
  comment: 'An adviser commented',
  needs_change: 'An adviser asked for a change',
  signed_off: 'An adviser signed it off',
  released: 'A checker, who did not make it, released it',
  refused: 'A checker refused it'
};

export const stepWords = (what: EditionStepKind): string => STEPS[what];

const NAMES: Record<EditionFile['name'], string> = { html: 'Web page', pdf: 'PDF' };
const [KILO, MEGA] = [1000, 1_000_000];

/** "PDF, 1.2 MB". */
export function fileWords({ name, byte_size }: Pick<EditionFile, 'name' | 'byte_size'>): string {
  return `${NAMES[name]}, ${sizeWords(byte_size)}`;
}

export function sizeWords(bytes: number): string {
  if (bytes < MEGA) return `${figure(Math.max(1, Math.round(bytes / KILO)))} kB`;
  return `${roughly(bytes / MEGA)} MB`;
}
