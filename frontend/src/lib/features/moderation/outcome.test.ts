import { expect, it } from 'vitest';
import { outcome } from './outcome.ts';
import type { CaseDetail } from './shapes.ts';

const detail = (over: Partial<CaseDetail> = {}) =>
  ({
    report_count: 1,
    reports: [{ reporter_name: 'Sky' }],
    subject: {
      author: { id: 'a', display_name: 'Rowan' },
      post_id: 'p',
      thread_id: 'p',
      state: 'visible'
    },
    second_look: null,
    ...over
  }) as unknown as CaseDetail;

const said = (...asked: Parameters<typeof outcome>) =>
  outcome(...asked).map(({ who, words }) => `${who} ${words}`);

it('tells the author nothing when nothing is changed', () => {
  const words = said(detail(), 'nothing', '');
  expect(words[1]).toBe('Rowan is told nothing, and never learns that it was flagged.');
  expect(words[2]).toBe('Sky reads that you looked and left it, and your reason.');
});

it('says what a fold shows, with the words that are being written', () => {
  expect(said(detail(), 'fold', 'self-harm')[0]).toBe(
    'Everyone sees “Mentions self-harm” and chooses whether to open it.'
  );
});

it('keeps the reason between moderator and author when something is changed', () => {
  const words = said(detail({ report_count: 3 }), 'hide', '');
  expect(words[2]).toBe(
    'The 3 people who flagged it read that it is now hidden, and a thank you. Not your reason.'
  );
});

it('answers an author who asked for a second look, also when it stays', () => {
  const asked = detail({
    report_count: 0,
    second_look: { decision_id: 'd', words: null, asked_at: '2026-11-24T10:00:00Z' }
  });
  const words = said(asked, 'nothing', '');
  expect(words[1]).toMatch(/^Rowan reads that another moderator looked again/);
  expect(words).toHaveLength(3);
});

it('says how much is gone from view when a post is hidden', () => {
  expect(said(detail(), 'hide', '')[0]).toBe(
    'Everyone except Rowan no longer sees it, nor the replies to it.'
  );
  const subject = { ...detail().subject, thread_id: 'root' };
  expect(said(detail({ subject }), 'hide', '')[0]).toBe(
    'Everyone except Rowan no longer sees it, nor what others quote of it.'
  );
});

it('does not promise that what is hidden is seen', () => {
  const subject = { ...detail().subject, state: 'hidden' as const };
  expect(said(detail({ subject }), 'nothing', '')[0]).toBe('Nobody else sees it, as before.');
});
