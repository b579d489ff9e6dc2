import { expect, it } from 'vitest';
import type { Role } from '#lib/api/shapes.ts';
import { isOfCommunity, mailWords } from './rests';

it.each(['/wall', '/threads/1', '/me', '/me/break', '/activity'])('a break rests %s', (path) => {
  expect(isOfCommunity(path)).toBe(true);
});

it.each(['/my-data', '/settings/second-factor', '/studies/1', '/moderation', '/'])(
  'a break leaves %s open',
  (path) => {
    expect(isOfCommunity(path)).toBe(false);
  }
);

it('says which e-mails still come: to the team worries about a person too', () => {
  const holding = (role: Role) => ({ has: (...roles: Role[]) => roles.includes(role) });
  expect(mailWords(holding('member'))).toBe(
    'We send you no e-mails in that time, except ones you ask for and ones that keep your sign-in safe.'
  );
  expect(mailWords(holding('moderator'))).toMatch(/someone people are worried about\.$/);
});
