import { expect, it } from 'vitest';
import { isOfCommunity } from './rests';

it.each(['/wall', '/threads/1', '/me', '/me/break', '/activity'])('a break rests %s', (path) => {
  expect(isOfCommunity(path)).toBe(true);
});

it.each(['/my-data', '/settings/second-factor', '/studies/1', '/moderation', '/'])(
  'a break leaves %s open',
  (path) => {
    expect(isOfCommunity(path)).toBe(false);
  }
);
