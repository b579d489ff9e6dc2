import { expect, it } from 'vitest';
import type { WaveRead } from './shapes.ts';
import { isOpen, lastDay, standingWords, waveAt, waveHref } from './wave-words.ts';

const STUDY = '0190a0a0-0000-4000-8000-000000000001';
const wave = (more: Partial<WaveRead>): WaveRead => ({
  study_id: STUDY,
  study_title: 'How you are',
  wave: 2,
  title: 'After 3 months',
  standing: 'open',
  opens_at: '2026-06-01T08:00:00Z',
  closes_at: '2026-06-29T08:00:00Z',
  ends_at: '2026-07-13T08:00:00Z',
  minutes: 6,
  answered: 0,
  ...more
});

it('has an address that says which it is', () => {
  expect(waveAt(waveHref(wave({})).slice('/questionnaires/'.length))).toEqual({
    study: STUDY,
    wave: 2
  });
  for (const wrong of ['', STUDY, `${STUDY}-`, `${STUDY}-x`, 'a-2'])
    expect(waveAt(wrong)).toBeNull();
});

it.each([
  ['upcoming', 'Opens', false],
  ['open', 'about 6 minutes. Open until', true],
  ['begun', "You've answered 3 questions", true],
  ['late', 'still welcome until', true],
  ['declined', 'If you change your mind', true],
  ['done', 'Handed in', false],
  ['missed', 'The 3 answers you gave are kept', false]
] as const)('says how it stands: %s', (standing, words, canAnswer) => {
  const found = wave({ standing, answered: standing === 'open' ? 0 : 3 });
  expect(standingWords(found)).toContain(words);
  expect(isOpen(found)).toBe(canAnswer);
});

it('ends on the day that people would name, not at the midnight after it', () => {
  expect(lastDay('2026-06-29T00:00:00')).toBe('28 June 2026');
  expect(lastDay('2026-06-29T09:00:00')).toBe('29 June 2026');
  expect(standingWords(wave({ standing: 'declined' }))).toContain('until 13 July 2026');
});
