import { expect, it } from 'vitest';
import type { Me, Role } from '#lib/api/shapes.ts';
import { destination, signInFrom, tokenFrom } from './destination';

const who = (...roles: Role[]) => ({ roles: ['member', ...roles] }) as Me;

it.each([
  ['?next=%2Fthreads%2F1', '/threads/1'],
  ['', '/wall'],
  ['?next=https%3A%2F%2Felsewhere.example', '/wall'],
  ['?next=%2F%2Felsewhere.example', '/wall'],
  ['?next=%2F%5Celsewhere.example', '/wall'],
  ['?next=javascript%3Aalert(1)', '/wall'],
  ['?next=%2F%09%2Felsewhere.example', '/wall'],
  ['?next=%2F%0A%5Celsewhere.example', '/wall'],
  ['?next=%09%2F%2Felsewhere.example', '/wall'],
  ['?next=%2F%2F%5B', '/wall'],
  ['?next=%2Fsearch%3Fq%3Dsleep%23top', '/search?q=sleep#top'],
  ['?next=%2Fsign-in', '/wall']
])('after signing in at %s goes to %s', (search, path) => {
  expect(destination(new URL(`http://here.test/sign-in${search}`), who())).toBe(path);
});

it.each([
  ['researcher', '', '/research'],
  ['checker', '?next=%2Fwall', '/research'],
  ['researcher', '?next=%2Fresearch%2Fstudies%2F1', '/research/studies/1'],
  ['moderator', '', '/moderation'],
  ['safeguarding', '', '/moderation'],
  ['administrator', '', '/staff'],
  ['host', '', '/wall'],
  ['adviser', '?next=%2Fsign-in', '/wall'],
  ['moderator', '?next=https%3A%2F%2Felsewhere.example', '/moderation'],
  ['moderator', '?next=%2Fwall', '/wall'],
  ['administrator', '?next=%2Fthreads%2F1', '/threads/1']
] as const)('a %s signing in at %s goes to %s', (role, search, path) => {
  expect(destination(new URL(`http://here.test/sign-in${search}`), who(role))).toBe(path);
});

it('goes to the queue with more than one room', () => {
  const url = new URL('http://here.test/sign-in');
  expect(destination(url, who('administrator', 'moderator'))).toBe('/moderation');
});

it('remembers where someone was', () => {
  const url = new URL('http://here.test/wall?unanswered=true');
  expect(destination(new URL(`http://here.test${signInFrom(url)}`), who())).toBe(
    '/wall?unanswered=true'
  );
});

it('reads a token from either part of the address', () => {
  expect(tokenFrom(new URL('http://here.test/verify#token=a'))).toBe('a');
  expect(tokenFrom(new URL('http://here.test/verify?token=b'))).toBe('b');
  expect(tokenFrom(new URL('http://here.test/verify'))).toBe('');
});
