import { expect, it } from 'vitest';
import { decidedWords, outcome, stepOutcome } from './outcome.ts';
import type { CaseDetail } from './shapes.ts';

const detail = (over: Partial<CaseDetail> = {}) =>
  ({
    id: 'c',
    is_worried: false,
    worried_count: 0,
    steps: [],
    report_count: 1,
    reports: [{ reporter_name: 'Sky' }],
    subject: {
      author: { id: 'a', display_name: 'Rowan' },
      kind: 'post',
      id: 'p',
      version: 1,
      thread_id: 'p',
      state: 'visible'
    },
    appeal: null,
    sanctions: [],
    appealed_sanction_id: null,
    author_reads_here: true,
    ...over
  }) as unknown as CaseDetail;

const said = (...asked: Parameters<typeof outcome>) =>
  outcome(...asked).map(({ who, words }) => `${who} ${words}`);

it('tells the author nothing when nothing is changed', () => {
  const words = said(detail(), 'nothing', '');
  expect(words[1]).toBe('Rowan is told nothing, not even that it was flagged.');
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

it('answers an author who appealed, also when it stays', () => {
  const asked = detail({
    report_count: 0,
    appeal: { decision_id: 'd', words: null, asked_at: '2026-11-24T10:00:00Z' }
  });
  const words = said(asked, 'nothing', '');
  expect(words[1]).toMatch(/^Rowan reads that another moderator looked again/);
  expect(words).toHaveLength(3);
});

it('says how much is gone from view when a post is hidden', () => {
  expect(said(detail(), 'hide', '')[0]).toBe(
    'Everyone except Rowan and moderators no longer sees it, nor the replies to it.'
  );
  const subject = { ...detail().subject, thread_id: 'root', kind: 'reply' as const };
  expect(said(detail({ subject }), 'hide', '')[0]).toBe(
    'Everyone except Rowan and moderators no longer sees it, nor what others quote of it.'
  );
});

it('does not promise that what is hidden is seen', () => {
  const subject = { ...detail().subject, state: 'hidden' as const };
  expect(said(detail({ subject }), 'nothing', '')[0]).toBe('Nobody else sees it, as before.');
});

it('says afterwards who can read of it, and nobody more', () => {
  const asked = { decision_id: 'd', words: null, asked_at: '2026-11-24T10:00:00Z' };
  expect(decidedWords(detail(), 'nothing')).toBe(
    'Decided. The person who flagged it can read it under Updates.'
  );
  expect(decidedWords(detail({ report_count: 2 }), 'hide')).toBe(
    'Decided. Rowan and the people who flagged it can read it under Updates.'
  );
  expect(decidedWords(detail({ report_count: 0, appeal: asked }), 'nothing')).toBe(
    'Decided. Rowan can read it under Updates.'
  );
  expect(decidedWords(detail({ report_count: 0 }), 'nothing')).toBe('Decided.');
});

it('promises nothing to an author who does not read here any more', () => {
  const left = detail({ author_reads_here: false });
  for (const act of ['nothing', 'fold', 'hide', 'restore'] as const)
    expect(said(left, act, 'grief')[1]).toBe(
      "Rowan is told nothing. They don't read here any more."
    );
  expect(decidedWords(left, 'hide')).toBe(
    'Decided. The person who flagged it can read it under Updates.'
  );
});

it('says that nobody has written to a worried about author, until someone has', () => {
  const worried = { is_worried: true, worried_count: 1 };
  expect(said(detail(worried), 'nothing', '')[1]).toMatch(/Nobody has written to them yet\.$/);
  const step = { kind: 'reached_out', case_id: 'c' } as CaseDetail['steps'][number];
  const words = said(detail({ ...worried, steps: [step] }), 'nothing', '');
  expect(words[1]).toBe('Rowan is told nothing more. They have been written to already.');
  expect(words[2]).toMatch(/The person who worried also reads that we have written to them\.$/);
  const before = { ...step, case_id: 'earlier' };
  expect(said(detail({ ...worried, steps: [before] }), 'nothing', '')[1]).toMatch(/Nobody has/);
});

it('says what writing to the author does, and what asking the lead does', () => {
  const worried = detail({ is_worried: true, worried_count: 1 });
  const written = stepOutcome(worried, 'reached_out').map(({ who, words }) => `${who} ${words}`);
  expect(written[0]).toMatch(/^Rowan reads your words at once, that they are not in trouble/);
  expect(written[2]).toMatch(
    /^The person who worried reads, once it is decided, that we have written/
  );
  const asked = stepOutcome(worried, 'handed_over').map(({ who, words }) => `${who} ${words}`);
  expect(asked).toContain('Rowan is told nothing.');
  expect(stepOutcome(detail(), 'handed_over').map(({ who }) => who)).not.toContain(
    'The person who worried'
  );
});
