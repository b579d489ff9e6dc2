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
