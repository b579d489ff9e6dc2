import { expect, it } from 'vitest';
import { destination, signInFrom, tokenFrom } from './destination';

it.each([
  ['?next=%2Fthreads%2F1', '/threads/1'],
  ['', '/wall'],
  ['?next=https%3A%2F%2Felsewhere.example', '/wall'],
  ['?next=%2F%2Felsewhere.example', '/wall'],
  ['?next=%2F%5Celsewhere.example', '/wall'],
  ['?next=javascript%3Aalert(1)', '/wall'],
  ['?next=%2Fsign-in', '/wall']
])('after signing in at %s goes to %s', (search, path) => {
  expect(destination(new URL(`http://here.test/sign-in${search}`))).toBe(path);
});

it('remembers where someone was', () => {
  const url = new URL('http://here.test/wall?unanswered=true');
  expect(destination(new URL(`http://here.test${signInFrom(url)}`))).toBe('/wall?unanswered=true');
});

it('reads a token from either part of the address', () => {
  expect(tokenFrom(new URL('http://here.test/verify#token=a'))).toBe('a');
  expect(tokenFrom(new URL('http://here.test/verify?token=b'))).toBe('b');
  expect(tokenFrom(new URL('http://here.test/verify'))).toBe('');
});
