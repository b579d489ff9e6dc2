import { beforeEach, expect, it } from 'vitest';
import { SheetDraft } from './sheet-draft.svelte.ts';

beforeEach(() => localStorage.clear());

it('starts from the version in force, and is a change only when it differs', () => {
  const draft = new SheetDraft('s', 'Please read.', localStorage);
  expect(draft.body).toBe('Please read.');
  expect(draft.isChanged).toBe(false);
  draft.body = 'Please read. \n';
  expect(draft.isChanged).toBe(false);
  draft.body = 'Please read this.';
  expect(draft.isChanged).toBe(true);
  draft.body = '  ';
  expect(draft.isChanged).toBe(false);
});

it('is there again after a reload, and gone once it is published', () => {
  const draft = new SheetDraft('s', 'Old.', localStorage);
  draft.body = 'New.';
  draft.save();
  expect(new SheetDraft('s', 'Old.', localStorage).body).toBe('New.');
  expect(new SheetDraft('other', 'Old.', localStorage).body).toBe('Old.');
  draft.published('New.');
  expect(draft.isChanged).toBe(false);
  expect(localStorage).toHaveLength(0);
});
