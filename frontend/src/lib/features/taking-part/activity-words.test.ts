import { describe, expect, it } from 'vitest';
import {
  activityWords,
  closedWords,
  countsWords,
  meetingWords,
  placeWords,
  total,
  whenWords
} from './activity-words.ts';
import type { Counts, MyActivity } from './shapes.ts';

const none: Counts = {
  published: 0,
  replied: 0,
  reacted: 0,
  received: 0,
  took_back: 0,
  lost: 0,
  read: 0,
  help_opened: 0,
  note_opened: 0,
  break_taken: 0
};
const row = (over: Partial<MyActivity>): MyActivity => ({
  kind: 'published',
  recorded_on: '2026-11-24',
  day: 3,
  time_band: 'morning',
  other_side: null,
  target: null,
  intent: null,
  reaction: null,
  length_band: null,
  has_note: null,
  ordinal: null,
  latency_band: null,
  session: null,
  seconds: null,
  ...over
});

describe('what a study holds, in words', () => {
  it('counts only what there is', () => {
    expect(countsWords(none)).toBe('It holds no record of anything you did yet.');
    expect(countsWords({ ...none, replied: 1 })).toBe('It holds a record of 1 reply.');
    expect(countsWords({ ...none, published: 2, replied: 1, received: 1, read: 4 })).toBe(
      'It holds a record of 2 posts, 1 reply, 1 time that someone replied or reacted to you and 4 times that you read something.'
    );
    expect(total({ ...none, published: 2, read: 4 })).toBe(6);
  });

  it('leaves no kind of row out', () => {
    for (const kind of Object.keys(none)) {
      expect(countsWords({ ...none, [kind]: 1 })).toMatch(/^It holds a record of 1 /);
    }
  });

  it.each([
    [{}, 'You wrote a post'],
    [
      { intent: 'saying_hello', length_band: 'short', has_note: true, ordinal: 2 },
      'You wrote a post, your 2nd in this study, saying hello, a few sentences, behind a note'
    ],
    [{ ordinal: 11 }, 'You wrote a post, your 11th in this study'],
    [{ ordinal: 23 }, 'You wrote a post, your 23rd in this study'],
    [{ ordinal: 100 }, 'You wrote a post, your 100th or a later one in this study'],
    [
      {
        kind: 'replied',
        target: 'post',
        other_side: 'member',
        length_band: 'brief',
        has_note: false
      },
      'You wrote a reply to a post of another member, a few words'
    ],
    [
      { kind: 'replied', target: 'reply', other_side: 'self' },
      'You wrote a reply to a reply of your own'
    ],
    [
      { kind: 'reacted', reaction: 'i_hear_you', target: 'post', other_side: 'staff' },
      'You gave the reaction “I hear you” to a post of someone who works here'
    ],
    [
      { kind: 'received', reaction: 'i_hear_you', target: 'reply', other_side: 'member' },
      'Another member gave you “I hear you” for a reply of yours'
    ],
    [
      { kind: 'received', target: 'post', other_side: 'staff', latency_band: 'under_1_hour' },
      'Someone who works here replied to a post of yours, the first reply, within an hour'
    ],
    [
      { kind: 'took_back', reaction: 'i_like_this', target: 'post', other_side: 'member' },
      'You removed the reaction “I like this” to a post of another member'
    ],
    [{ kind: 'took_back', target: 'reply' }, 'You deleted a reply of your own'],
    [
      { kind: 'lost', reaction: 'i_like_this', target: 'post', other_side: 'member' },
      'Another member removed the reaction “I like this” to a post of yours'
    ],
    [{ kind: 'read', seconds: 1 }, 'You read for 1 second'],
    [{ kind: 'help_opened' }, 'You opened Help now'],
    [{ kind: 'note_opened' }, 'You opened a post behind a content note'],
    [{ kind: 'break_taken' }, 'You took a break']
  ] as [Partial<MyActivity>, string][])('%j', (over, words) => {
    expect(activityWords(row(over))).toBe(words);
  });

  it('tells from when on the community was closed, and nothing where it never was', () => {
    expect(closedWords([])).toBe('');
    const told = closedWords(['2026-03-02', '2026-05-11']).replaceAll(/[\u2068\u2069]/g, '');
    expect(told).toBe(
      'It knows that Alongside was closed to you from 2 March 2026 and 11 May 2026, not why or for how long.'
    );
  });

  it('tells a meeting and that one was removed from its list', () => {
    const meeting = { held_on: '2026-11-24', day: 3, minutes: 90 };
    expect(meetingWords({ ...meeting, mode: 'in_person', is_taken_off: false })).toBe(
      'You came to a meeting in person, 90 minutes'
    );
    expect(meetingWords({ ...meeting, mode: 'online', is_taken_off: true })).toBe(
      'You were removed from the list of a meeting online, 90 minutes'
    );
  });

  it('says the day and the part of it, and no time', () => {
    expect(whenWords(row({}))).toBe('24 November 2026, in the morning');
    expect(placeWords(row({}))).toBe('Day 3');
    expect(placeWords(row({ session: 2 }))).toBe('Day 3, visit 2');
  });
});
