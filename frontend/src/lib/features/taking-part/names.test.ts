import { describe, expect, it } from 'vitest';
import { activityWords, countsWords, total } from './names.ts';
import { receiptFileName, receiptText } from './receipt.ts';
import type { MyActivity, Receipt } from './shapes.ts';

const none = { published: 0, replied: 0, reacted: 0, received: 0, read: 0 };
const row = (over: Partial<MyActivity>): MyActivity => ({
  kind: 'published',
  occurred_at: '2026-11-24T10:00:00Z',
  day: 3,
  hour_band: 'morning',
  intent: null,
  reaction: null,
  length_band: null,
  has_note: null,
  seconds: null,
  ...over
});

describe('what a study holds, in words', () => {
  it('counts only what there is', () => {
    expect(countsWords(none)).toBe('It holds no record of anything you did yet.');
    expect(countsWords({ ...none, replied: 1 })).toBe('It holds a record of 1 reply.');
    expect(countsWords({ ...none, published: 2, replied: 1, received: 1, read: 4 })).toBe(
      'It holds a record of 2 posts, 1 reply, 1 time that someone answered you and 4 times that you read something.'
    );
    expect(total({ ...none, published: 2, read: 4 })).toBe(6);
  });

  it.each([
    [{}, 'You wrote a post'],
    [
      { intent: 'saying_hello', length_band: 'short', has_note: true },
      'You wrote a post, saying hello, a few sentences, behind a note'
    ],
    [{ kind: 'replied', length_band: 'brief', has_note: false }, 'You wrote a reply, a few words'],
    [{ kind: 'reacted', reaction: 'i_hear_you' }, 'You gave the reaction “I hear you”'],
    [{ kind: 'received', reaction: 'i_hear_you' }, 'You were given “I hear you”'],
    [{ kind: 'received' }, 'You were given a reply'],
    [{ kind: 'read', seconds: 1 }, 'You read something for 1 second']
  ] as [Partial<MyActivity>, string][])('%j', (over, words) => {
    expect(activityWords(row(over))).toBe(words);
  });
});

describe('a receipt', () => {
  const receipt: Receipt = {
    study_id: 's',
    study_title: 'What helps',
    pseudonym: 'P-ABCDE-12',
    state: 'taking_part',
    at: '2026-11-24T10:00:00Z',
    sheet_version: 2,
    acts: [
      { purpose: 'activity', act: 'given' },
      { purpose: 'text', act: 'declined' }
    ],
    already: false
  };

  it('says what was chosen, under which sheet and code', () => {
    const text = receiptText(receipt);
    expect(text).toContain('Information sheet: version 2');
    expect(text).toContain('Your code in the study: P-ABCDE-12');
    expect(text).toContain('What I do here: Yes');
    expect(text).toContain('What I write: No');
  });

  it('is kept under a name that tells nothing', () => {
    expect(receiptFileName(receipt)).toBe('receipt-2026-11-24.txt');
  });

  it('says that nobody has a copy after an erasure', () => {
    const erased = receiptText({ ...receipt, state: 'erased', sheet_version: null, acts: [] });
    expect(erased).toContain('Everything is erased');
    expect(erased).toContain('we have no copy');
    expect(erased).not.toContain('version');
  });
});
