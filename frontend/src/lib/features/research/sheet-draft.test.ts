import { beforeEach, expect, it } from 'vitest';
import { SheetDraft } from './sheet-draft.svelte.ts';

beforeEach(() => localStorage.clear());

it('starts from the version in force, and is a change only when it differs', () => {
  const draft = new SheetDraft('me', 's', 'Please read.', false, localStorage);
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
  const draft = new SheetDraft('me', 's', 'Please read.', true, localStorage);
  expect(draft.isChanged).toBe(false);
  draft.coversActs = false;
  expect(draft.isChanged).toBe(true);
});

it('is there again after a reload, and gone once it is published', () => {
  const draft = new SheetDraft('me', 's', 'Old.', false, localStorage);
  draft.body = 'New.';
  draft.coversActs = true;
  draft.save();
  const again = new SheetDraft('me', 's', 'Old.', false, localStorage);
  expect([again.body, again.coversActs]).toEqual(['New.', true]);
  expect(new SheetDraft('me', 'other', 'Old.', false, localStorage).body).toBe('Old.');
  draft.published('New.', true);
  expect(draft.isChanged).toBe(false);
  expect(localStorage).toHaveLength(0);
});

it('puts what is half written aside when it starts from another version', () => {
  const draft = new SheetDraft('me', 's', 'Old.', false, localStorage);
  draft.startFrom('Older.', false);
  expect(draft.replaced).toBe(null);
  draft.body = 'Half written.';
  draft.coversActs = true;
  draft.startAgain();
  expect([draft.body, draft.isChanged]).toEqual(['Old.', false]);
  draft.bringBack();
  expect([draft.body, draft.coversActs]).toEqual(['Half written.', true]);
  expect(draft.replaced).toBe(null);
  draft.startFrom('Older.', false);
  draft.published('Older.', false);
  expect(draft.replaced).toBe(null);
});
