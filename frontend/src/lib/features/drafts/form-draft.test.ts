import { beforeEach, expect, it } from 'vitest';
import { FormDraft } from './form-draft.svelte.ts';

const START = { name: 'Rowan', about: '' };
const form = (start = START) => new FormDraft('me', 'profile', start);

beforeEach(() => localStorage.clear());

it('is there again after a reload', () => {
  const draft = form();
  draft.words.about = 'I like dogs';
  draft.save();
  const again = form();
  expect(again.words).toEqual({ name: 'Rowan', about: 'I like dogs' });
  expect(again.wasKept).toBe(true);
});

it('keeps nothing while nothing was changed', () => {
  form().save();
  expect(localStorage).toHaveLength(0);
});

it('begins with what was saved, and keeps no more', () => {
  const draft = form();
  draft.words.about = 'I like dogs';
  draft.save();
  draft.clear({ name: 'Rowan', about: 'I like dogs' });
  expect(draft.words.about).toBe('I like dogs');
  expect(draft.wasKept).toBe(false);
  expect(localStorage).toHaveLength(0);
});

it('is put aside by starting again, and can be brought back', () => {
  const draft = form();
  draft.words.about = 'I like dogs';
  draft.save();
  draft.startAgain();
  expect(draft.words).toEqual(START);
  expect(localStorage).toHaveLength(0);
  draft.bringBack();
  expect(draft.words.about).toBe('I like dogs');
  expect(draft.replaced).toBe(null);
  expect(form().words.about).toBe('I like dogs');
});

it('loses nothing that was written since it was put aside', () => {
  const draft = form();
  draft.words.about = 'I like dogs';
  draft.startAgain();
  draft.words.about = 'and cats';
  draft.bringBack();
  expect(draft.words.about).toBe('I like dogs');
  draft.bringBack();
  expect(draft.words.about).toBe('and cats');
});

it('has nothing put aside any more once it is sent', () => {
  const draft = form();
  draft.words.about = 'I like dogs';
  draft.startAgain();
  draft.clear();
  expect(draft.replaced).toBe(null);
});
