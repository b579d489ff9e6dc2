import { describe, expect, it } from 'vitest';
import { holderWords, isEnding, isLive, isMine, leaseWords } from './lease.ts';

const now = new Date(2026, 10, 24, 14, 0).getTime();
const claim = (minutes: number, is_me = true) => ({
  moderator_name: 'Sam',
  is_me,
  expires_at: new Date(now + minutes * 60_000).toISOString()
});

describe('a lease in words', () => {
  it.each([
    [15, true, 'You have this one until 14:15.'],
    [3, true, 'You have this one for a few minutes more, until 14:03.'],
    [0.5, true, 'You have this one for about a minute more.'],
    [0, true, "You don't have this one any more. What you wrote is still here."],
    [12, false, 'Sam has this one until 14:12.'],
    [0.5, false, 'Sam has this one for about a minute more.'],
    [-1, false, 'Nobody is looking at this one at the moment.']
  ])('%s minutes left, mine: %s', (minutes, isMe, words) => {
    expect(leaseWords(claim(minutes, isMe), now)).toBe(words);
  });

  it('is over at its last moment', () => {
    expect(isLive(claim(0), now)).toBe(false);
    expect(isLive(claim(0.001), now)).toBe(true);
    expect(isLive(null, now)).toBe(false);
  });

  it('is mine only while it lasts, and ending only when it is mine', () => {
    expect(isMine(claim(1), now)).toBe(true);
    expect(isMine(claim(-1), now)).toBe(false);
    expect(isMine(claim(1, false), now)).toBe(false);
    expect(isEnding(claim(3), now)).toBe(true);
    expect(isEnding(claim(5), now)).toBe(false);
    expect(isEnding(claim(3, false), now)).toBe(false);
  });

  it('is short in a row, and nothing once it is over', () => {
    expect(holderWords(claim(15), now)).toBe('yours until 14:15');
    expect(holderWords(claim(15, false), now)).toBe('Sam has it until 14:15');
    expect(holderWords(claim(-1, false), now)).toBeNull();
    expect(holderWords(null, now)).toBeNull();
  });
});
