import { expect, it } from 'vitest';
import { choicesWords, invitationWords, responseLines } from './held-words.ts';
import type { MyResponse } from './shapes.ts';

const response = (more: Partial<MyResponse>): MyResponse => ({
  wave: 1,
  title: 'Baseline',
  mode: 'alone',
  due_at: '2026-03-02T00:00:00Z',
  opened_at: '2026-03-03T10:00:00Z',
  saved_at: null,
  done_at: null,
  declined_at: null,
  late_at: null,
  answered_on: null,
  answers: [],
  ...more
});
const said = (more: Partial<MyResponse>) => responseLines(response(more)).join(' ');

it('says what became of a wave', () => {
  const done_at = '2026-03-03T10:05:00Z';
  expect(said({})).toContain('It opened for you on 2 March 2026. You began on');
  expect(said({ done_at })).toContain('It was handed in on');
  expect(said({ done_at, late_at: done_at })).toContain('It counts as late');
  expect(said({ declined_at: done_at })).toContain('not this time');
  expect(said({ saved_at: done_at })).toContain('It was not handed in');
});

it('says who wrote it down', () => {
  expect(said({ mode: 'assisted' })).toContain('Someone of the study team asked you');
  expect(said({ mode: 'paper', answered_on: '2026-03-03' })).toContain(
    'on paper on 3 March 2026; the study team typed it in'
  );
});

it('says what was sent and what was chosen', () => {
  const sent = { wave: 1, sent_at: '2026-03-02T10:00:00Z' };
  expect(invitationWords({ ...sent, number: 0, by_email: true }, 'Baseline')).toBe(
    'An invitation to answer: Baseline, here and by e-mail'
  );
  expect(invitationWords({ ...sent, number: 1, by_email: false })).toBe('A reminder, here');
  const choices = { part_of_day: null, by_email: false, stopped_at: null };
  expect(choicesWords(choices)).toBe('You are invited at any time of the day, only here.');
  expect(choicesWords({ ...choices, part_of_day: 'evening', by_email: true })).toBe(
    'You are invited in the evening, by e-mail too.'
  );
  expect(choicesWords({ ...choices, stopped_at: sent.sent_at })).toContain('You stopped');
});
