import { beforeEach, expect, it } from 'vitest';
import { SheetDraft } from './sheet-draft.svelte.ts';

const NOTHING = { acts: false, answers: false };
const ACTS = { acts: true, answers: false };
const sheet = (body: string, covers = NOTHING) => ({ body, covers });

beforeEach(() => localStorage.clear());

it('starts from the version in force, and is a change only when it differs', () => {
  const draft = new SheetDraft('me', 's', sheet('Please read.'), localStorage);
  expect(draft.body).toBe('Please read.');
  expect(draft.isChanged).toBe(false);
  draft.body = 'Please read. \n';
  expect(draft.isChanged).toBe(false);
  draft.body = 'Please read this.';
  expect(draft.isChanged).toBe(true);
  draft.body = '  ';
  expect(draft.isChanged).toBe(false);
});

it('is a change when acts may leave from now on, or may not any more', () => {
  const draft = new SheetDraft('me', 's', sheet('Please read.', ACTS), localStorage);
  expect(draft.isChanged).toBe(false);
  draft.covers.acts = false;
  expect(draft.isChanged).toBe(true);
});

it('is there again after a reload, and gone once it is published', () => {
  const draft = new SheetDraft('me', 's', sheet('Old.'), localStorage);
  draft.body = 'New.';
  draft.covers.acts = true;
  draft.save();
  const again = new SheetDraft('me', 's', sheet('Old.'), localStorage);
  expect(again.written).toEqual(sheet('New.', ACTS));
  expect(new SheetDraft('me', 'other', sheet('Old.'), localStorage).body).toBe('Old.');
  draft.published(sheet('New.', ACTS));
  expect(draft.isChanged).toBe(false);
  expect(localStorage).toHaveLength(0);
});

it('puts what is half written aside when it starts from another version', () => {
  const draft = new SheetDraft('me', 's', sheet('Old.'), localStorage);
  draft.startFrom(sheet('Older.'));
  expect(draft.replaced).toBe(null);
  draft.body = 'Half written.';
  draft.covers.acts = true;
  draft.startAgain();
  expect([draft.body, draft.isChanged]).toEqual(['Old.', false]);
  draft.bringBack();
  expect(draft.written).toEqual(sheet('Half written.', ACTS));
  expect(draft.replaced).toBe(null);
  draft.startFrom(sheet('Older.'));
  draft.published(sheet('Older.'));
  expect(draft.replaced).toBe(null);
});

it('keeps also whether answers may leave', () => {
  const draft = new SheetDraft('me', 's', sheet('Old.'), localStorage);
  draft.covers.answers = true;
  expect(draft.isChanged).toBe(true);
  draft.save();
  const again = new SheetDraft('me', 's', sheet('Old.'), localStorage);
  expect(again.covers).toEqual({ acts: false, answers: true });
});
