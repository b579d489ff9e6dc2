import { describe, expect, it } from 'vitest';
import { Problem } from './problem';

describe('Problem', () => {
  it('speaks with the words of the server', async () => {
    const response = new Response('', { status: 401, headers: { 'retry-after': '12' } });
    const problem = await Problem.from(response, {
      type: 'urn:alongside:problem:wrong-sign-in',
      title: 'Wrong sign-in',
      detail: 'That e-mail and password do not match.'
    });
    expect(problem.message).toBe('That e-mail and password do not match.');
    expect(problem.is('wrong-sign-in')).toBe(true);
    expect(problem.isSignedOut).toBe(true);
    expect(problem.retryAfter).toBe(12);
  });

  it('finds what is wrong with one field', () => {
    const problem = new Problem({
      status: 422,
      errors: [{ pointer: '/body/email', detail: 'An e-mail address has an @ in it.' }]
    });
    expect(problem.field('email')).toBe('An e-mail address has an @ in it.');
    expect(problem.field('password')).toBeNull();
  });

  it('takes a failed fetch for a lost connection', () => {
    expect(Problem.of(new TypeError('Failed to fetch')).isOffline).toBe(true);
    expect(Problem.of(new Error('a bug')).message).toContain('Nothing is lost');
  });

  it('keeps what the server adds, such as the version that won', () => {
    expect(new Problem({ status: 409, version: 3 }).extensions).toEqual({ version: 3 });
  });
});
