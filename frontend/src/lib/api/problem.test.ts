import { describe, expect, it } from 'vitest';
import { Problem } from './problem';

describe('Problem', () => {
  it('speaks with the words of the server', async () => {
    const response = new Response('', { status: 401, headers: { 'retry-after': '12' } });
    const problem = await Problem.from(response, {
      type: 'urn:alongside:problem:wrong-sign-in',
      title: "That e-mail and password don't match",
      detail: 'Try again, or we can send you a link.'
    });
    expect(problem.message).toBe(
      "That e-mail and password don't match. Try again, or we can send you a link."
    );
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
    expect(Problem.of(new TypeError('Failed to fetch')).message).toBe(
      "We can't reach Alongside. Nothing is lost. Check your connection, then try again."
    );
    expect(Problem.of(new Error('a bug')).message).toBe(
      'Something went wrong on our side. Nothing is lost. Try again in a moment.'
    );
  });

  it('keeps what the server adds, such as the version that won', () => {
    expect(new Problem({ status: 409, version: 3 }).extensions).toEqual({ version: 3 });
  });
});
