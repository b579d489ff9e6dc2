import type { Edition, EditionKind, EditionKindRead, NewestText } from './shapes.ts';
import { isUnderWay, waitsForChecker } from './words.ts';

/** One kind of edition in its study: its text, and what was made of it, the newest first. */
export type Shelf = { kind: EditionKindRead; text: NewestText | null; editions: Edition[] };

export function shelves(
  kinds: EditionKindRead[],
  texts: NewestText[],
  editions: Edition[]
): Shelf[] {
  return kinds.map((kind) => ({
    kind,
    text: texts.find((one) => one.kind === kind.kind) ?? null,
    editions: editions
      .filter((one) => one.kind === kind.kind)
      .toSorted((one, other) => other.number - one.number)
  }));
}

/** Whether there is something to make that no edition shows yet. */
export function isToMake({ text, editions }: Shelf, datasetId: string): boolean {
  const [newest] = editions.filter(({ state }) => state !== 'cancelled' && state !== 'failed');
  if (!newest) return true;
  return newest.dataset_id !== datasetId || (newest.text_version ?? 0) < (text?.version ?? 0);
}

export type FirstThing =
  | { what: 'decide' | 'change'; edition: Edition }
  | { what: 'compute' | 'freeze' }
  | { what: 'write' | 'make' | 'page'; kind: EditionKind }
  | { what: 'wait'; edition: Edition }
  | null;

type Situation = {
  shelves: Shelf[];
  /** The newest open dataset, and whether its measures are computed. */
  datasetId: string;
  hasFigures: boolean;
  mayWrite: boolean;
  mayDecide: boolean;
};

/** The one thing to do first, for this reader. */
export function firstThing(situation: Situation): FirstThing {
  const { shelves: all, datasetId, hasFigures, mayWrite, mayDecide } = situation;
  const newest = all.flatMap(({ editions }) => editions.slice(0, 1));
  const toDecide = newest.find(waitsForChecker);
  if (mayDecide && toDecide) return { what: 'decide', edition: toDecide };
  if (!mayWrite) return null;
  if (!datasetId) return { what: 'freeze' };
  if (!hasFigures) return { what: 'compute' };
  const toChange = newest.find(
    ({ state, decision, is_signed_off, reviews }) =>
      state === 'ready' &&
      !decision &&
      !is_signed_off &&
      reviews.some(({ verdict }) => verdict === 'needs_change')
  );
  if (toChange) return { what: 'change', edition: toChange };
  const toMake = all.find((shelf) => shelf.text && isToMake(shelf, datasetId));
  if (toMake) return { what: 'make', kind: toMake.kind.kind };
  const under = newest.find(
    (edition) => isUnderWay(edition) || (edition.state === 'ready' && !edition.decision)
  );
  if (under) return { what: 'wait', edition: under };
  const toWrite = all.find(({ text }) => !text);
  return toWrite ? { what: 'write', kind: toWrite.kind.kind } : null;
}
