import { beforeEach, describe, expect, it } from 'vitest';
import { DecisionDraft } from '#lib/features/moderation/decision-draft.svelte.ts';
import { KeyChoice } from '#lib/features/moderation/keys.svelte.ts';
import { Draft } from '#lib/features/posts/draft.svelte.ts';
import { SheetDraft } from '#lib/features/research/sheet-draft.svelte.ts';
import { lastKnown } from '#lib/features/accounts/last-known.ts';
import { FormDraft } from './form-draft.svelte.ts';

const NOTHING = { acts: false, answers: false };

function refuse(): never {
  throw new DOMException('The operation is insecure.', 'SecurityError');
}

/** A browser that lets a page have a store and then refuses every use of it. */
const forbidden = {
  length: 0,
  key: refuse,
  clear: refuse,
  getItem: refuse,
  setItem: refuse,
  removeItem: refuse
} as unknown as Storage;

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});

describe('a store that refuses', () => {
  it.each([forbidden, null])('stops no decision', (storage) => {
    const draft = new DecisionDraft('me', 'case-1', storage);
    draft.choose('hide');
    draft.reason = 'It describes a method.';
    draft.save();
    expect(draft.reason).toBe('It describes a method.');
    draft.clear();
    expect(draft.hasWords).toBe(false);
  });

  it.each([forbidden, null])('stops no writing, no form and no sheet', (storage) => {
    const post = new Draft('me', 'wall', storage);
    post.body = 'Hello';
    post.save();
    expect(post.body).toBe('Hello');
    post.clear();
    expect(post.body).toBe('');
    const form = new FormDraft('me', 'flag', { reason: null, detail: '' }, storage);
    form.words.detail = 'Worried';
    form.save();
    form.clear();
    expect(form.words.detail).toBe('');
    const sheet = new SheetDraft('me', 's', { body: 'Please read.', covers: NOTHING }, storage);
    sheet.body = 'Read.';
    sheet.save();
    expect(sheet.body).toBe('Read.');
  });

  it.each([forbidden, null])('leaves the keys as they are turned', (storage) => {
    const keys = new KeyChoice(storage);
    expect(keys.isOn).toBe(true);
    keys.turn(false);
    expect(keys.isOn).toBe(false);
  });
});

describe('what was broken in the store', () => {
  it.each(['{not json', '5', '"words"', '[1, 2]', 'null', '{"act":"burn","reasons":7}', '{}'])(
    'makes an empty decision of %s',
    (kept) => {
      sessionStorage.setItem('alongside:deciding:me:case-1', kept);
      const draft = new DecisionDraft('me', 'case-1', sessionStorage);
      expect([draft.act, draft.hasWords, draft.noteAbout]).toEqual([null, false, '']);
      expect(draft.reason).toBe('');
    }
  );

  it('keeps of a decision what can be used', () => {
    const kept = { act: 'hide', reasons: { hide: 'A reason.', fold: 3 }, noteAbout: null };
    sessionStorage.setItem('alongside:deciding:me:case-1', JSON.stringify(kept));
    const draft = new DecisionDraft('me', 'case-1', sessionStorage);
    expect([draft.act, draft.reason, draft.noteAbout]).toEqual(['hide', 'A reason.', '']);
  });

  it.each(['[]', '{"detail":5}', '{"detail":null,"reason":[]}', '7'])(
    'makes an empty form of %s',
    (kept) => {
      localStorage.setItem('alongside:draft:me:flag', kept);
      const form = new FormDraft('me', 'flag', { reason: null, detail: '' });
      expect(form.words).toEqual({ reason: null, detail: '' });
      expect(form.wasKept).toBe(false);
    }
  );

  it('lets a post keep its words, whatever else is wrong', () => {
    const kept = { body: 'Hello', key: 'k', about: 5, intent: [], to: {}, sent: 1 };
    localStorage.setItem('alongside:draft:me:wall', JSON.stringify(kept));
    const draft = new Draft('me', 'wall');
    expect(draft.words).toEqual({ body: 'Hello', intent: null, about: '' });
    expect(draft.to).toBe(null);
  });

  it.each(['{not json', '5', '{}', '[]'])('is nobody who was here last: %s', (kept) => {
    sessionStorage.setItem('alongside:me', kept);
    expect(lastKnown()).toBe(null);
  });
});

describe('on a shared computer', () => {
  it('keeps the decision and the sheet of each account apart', () => {
    const mine = new DecisionDraft('me', 'case-1', sessionStorage);
    mine.choose('nothing');
    mine.reason = 'Within the house rules.';
    mine.save();
    expect(new DecisionDraft('you', 'case-1', sessionStorage).hasWords).toBe(false);
    expect(new DecisionDraft('me', 'case-1', sessionStorage).hasWords).toBe(true);
    const sheet = new SheetDraft('me', 's', { body: 'Old.', covers: NOTHING }, localStorage);
    sheet.body = 'New.';
    sheet.save();
    expect(new SheetDraft('you', 's', { body: 'Old.', covers: NOTHING }, localStorage).body).toBe(
      'Old.'
    );
  });
});
