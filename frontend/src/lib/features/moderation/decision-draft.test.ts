import { beforeEach, describe, expect, it } from 'vitest';
import { DecisionDraft } from './decision-draft.svelte.ts';

beforeEach(() => sessionStorage.clear());

const fresh = () => new DecisionDraft('me', 'case-1', sessionStorage);

describe('what a moderator is about to decide', () => {
  it('asks for an act before anything else', () => {
    const draft = fresh();
    expect(draft.check()).toBe(false);
    expect(draft.errors).toEqual({ act: 'Choose what to do first.' });
  });

  it('asks for a reason, and for a word to fold behind', () => {
    const draft = fresh();
    draft.choose('fold');
    draft.reason = 'Too short';
    expect(draft.check()).toBe(false);
    expect(Object.keys(draft.errors)).toEqual(['reason', 'note_about']);
    draft.reason = 'It may be hard to read on a bad day.';
    draft.noteAbout = ' self-harm ';
    expect(draft.check()).toBe(true);
    const text_now = {
      revision: 2,
      body_html: '<p>Hello</p>',
      note: null,
      written_at: '2026-11-24T09:00:00Z'
    };
    expect(draft.body({ version: 3, text_now })).toEqual({
      act: 'fold',
      reason: 'It may be hard to read on a bad day.',
      note_about: 'self-harm',
      version: 3,
      revision: 2,
      sanction: null,
      answer: null
    });
  });

  it('sends what it means for the person, and how long, or what an appeal comes to', () => {
    const draft = fresh();
    draft.choose('hide');
    draft.sanction = 'suspend';
    draft.days = 'null';
    expect(draft.body({ version: 3, text_now: null }).sanction).toEqual({
      kind: 'suspend',
      days: null
    });
    draft.reason = 'It may be hard to read on a bad day.';
    expect(draft.check(true)).toBe(false);
    draft.answer = 'shortened';
    draft.answerDays = '7';
    expect(draft.check(true)).toBe(true);
    const body = draft.body({ version: 3, text_now: null });
    expect([body.sanction, body.answer]).toEqual([null, { kind: 'shortened', days: 7 }]);
  });

  it('sends no note with anything but a fold', () => {
    const draft = fresh();
    draft.noteAbout = 'self-harm';
    draft.choose('hide');
    expect(draft.body({ version: 1, text_now: null })).toMatchObject({
      note_about: null,
      revision: null
    });
  });

  it('keeps a reason for each act, since different people read them', () => {
    const draft = fresh();
    draft.choose('nothing');
    draft.reason = 'It is within our rules.';
    draft.choose('hide');
    expect(draft.reason).toBe('');
    draft.choose('nothing');
    expect(draft.reason).toBe('It is within our rules.');
  });

  it('starts from a template without losing what is there', () => {
    const draft = fresh();
    const template = {
      act: 'hide',
      label: 'Method',
      text: 'It told how.',
      read_by: 'author'
    } as const;
    draft.choose('hide');
    draft.start(template);
    expect(draft.reason).toBe('It told how.');
    draft.start(template);
    expect(draft.reason).toBe('It told how.');
    draft.reason = 'Hello Rowan.';
    draft.start(template);
    expect(draft.reason).toBe('Hello Rowan.\n\nIt told how.');
  });

  it('is there again after a reload, and gone once it was sent', () => {
    const draft = fresh();
    draft.choose('hide');
    draft.reason = 'It described a way to self-harm.';
    draft.save();
    expect(fresh().reason).toBe('It described a way to self-harm.');
    expect(new DecisionDraft('me', 'case-2', sessionStorage).hasWords).toBe(false);
    draft.clear();
    expect(fresh().act).toBeNull();
  });
});
