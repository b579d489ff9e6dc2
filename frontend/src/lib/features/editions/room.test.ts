import { expect, it } from 'vitest';
import { firstThing, isToMake, shelves, type Shelf } from './room.ts';
import type { Edition, EditionKindRead, NewestText } from './shapes.ts';

const KINDS = [{ kind: 'early_findings' }, { kind: 'toolkit' }] as EditionKindRead[];
const [EARLY, TOOLKIT] = ['early_findings', 'toolkit'] as const;
const text = (kind: string, version: number) => ({ kind, version }) as NewestText;
const made = (number: number, about: Partial<Edition> = {}) =>
  ({
    number,
    kind: EARLY,
    dataset_id: 'd',
    text_version: 1,
    state: 'ready',
    reviews: [],
    is_signed_off: false,
    decision: null,
    ...about
  }) as Edition;
const room = (texts: NewestText[], editions: Edition[], about = {}) =>
  firstThing({
    shelves: shelves(KINDS, texts, editions),
    datasetId: 'd',
    hasFigures: true,
    mayWrite: true,
    mayDecide: false,
    ...about
  });

it('keeps what belongs to a kind together, the newest edition first', () => {
  const [early, toolkit] = shelves(KINDS, [text(EARLY, 2)], [made(1), made(3)]);
  expect(early?.editions.map(({ number }) => number)).toEqual([3, 1]);
  expect([early?.text?.version, toolkit?.text, toolkit?.editions]).toEqual([2, null, []]);
});

it('is to be made when its text or its dataset is newer, or when making it failed', () => {
  const shelf = (version: number, ...editions: Edition[]) =>
    ({ kind: KINDS[0], text: text(EARLY, version), editions }) as Shelf;
  expect(isToMake(shelf(1, made(1)), 'd')).toBe(false);
  expect(isToMake(shelf(2, made(1)), 'd')).toBe(true);
  expect(isToMake(shelf(1, made(1)), 'other')).toBe(true);
  expect(isToMake(shelf(1, made(1, { state: 'failed' })), 'd')).toBe(true);
});

it('begins with what everything else is made of', () => {
  expect(room([], [], { datasetId: '' })).toEqual({ what: 'freeze' });
  expect(room([], [], { hasFigures: false })).toEqual({ what: 'compute' });
  expect(room([], [])).toEqual({ what: 'write', kind: EARLY });
  expect(room([text(EARLY, 1)], [])).toEqual({ what: 'make', kind: EARLY });
});

it('waits while others have to act, and goes on with the next', () => {
  const waiting = made(1, { state: 'waiting' });
  expect(room([text(EARLY, 1)], [waiting])).toEqual({ what: 'wait', edition: waiting });
  const released = made(1, { decision: { decision: 'released' } as Edition['decision'] });
  expect(room([text(EARLY, 1)], [released])).toEqual({ what: 'write', kind: TOOLKIT });
});

it('leads to the text where an adviser asked for a change', () => {
  const edition = made(1, { reviews: [{ verdict: 'needs_change' }] as Edition['reviews'] });
  expect(room([text(EARLY, 1)], [edition])).toEqual({ what: 'change', edition });
});

it('leads a checker to what is signed off, and others not', () => {
  const edition = made(1, { is_signed_off: true });
  expect(room([], [edition], { mayWrite: false, mayDecide: true })).toEqual({
    what: 'decide',
    edition
  });
  expect(room([], [edition], { mayWrite: false })).toBe(null);
  expect(room([], [made(1)], { mayWrite: false, mayDecide: true })).toBe(null);
});
