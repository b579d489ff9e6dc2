import { isRedirect } from '@sveltejs/kit';
import { beforeEach, expect, it, vi } from 'vitest';
import { Problem } from '#lib/api/index.ts';
import type { Me } from '#lib/api/shapes.ts';
import { readMe } from './account.actions.ts';
import { whoIsHere } from './guard.ts';
import { forget, hasEnded, lastKnown } from './last-known.ts';

vi.mock('./account.actions.ts', () => ({ readMe: vi.fn() }));

const rowan = { account_id: 'a', display_name: 'Rowan' } as Me;
const ask = () => whoIsHere(new URL('https://alongside.test/wall'), () => undefined);

beforeEach(() => sessionStorage.clear());

it.each([
  ['a lost line', new TypeError('Failed to fetch')],
  ['a server that is starting', new Problem({ status: 502 })],
  ['a database that is away', new Problem({ status: 503 })]
])('keeps who was last known through %s', async (_, trouble) => {
  vi.mocked(readMe).mockResolvedValueOnce(rowan).mockRejectedValueOnce(trouble);
  await ask();
  const here = await ask();
  expect(here.me).toEqual(rowan);
  expect(here.problem).not.toBeNull();
});

it('knows nobody while nobody was ever known', async () => {
  vi.mocked(readMe).mockRejectedValueOnce(new TypeError('Failed to fetch'));
  expect((await ask()).me).toBeNull();
});

it('forgets who was signed out, and asks for a sign-in', async () => {
  vi.mocked(readMe).mockResolvedValueOnce(rowan);
  await ask();
  vi.mocked(readMe).mockRejectedValueOnce(new Problem({ status: 401 }));
  const thrown: unknown = await ask().catch((redirected: unknown) => redirected);
  expect(isRedirect(thrown)).toBe(true);
  expect(lastKnown()).toBeNull();
});

it('does not keep an answer that came after the sign-out', async () => {
  let answer: (me: Me) => void = () => undefined;
  vi.mocked(readMe).mockReturnValueOnce(new Promise((resolve) => void (answer = resolve)));
  const asked = ask();
  forget();
  answer(rowan);
  await asked;
  expect(lastKnown()).toBeNull();
});

it('tells only who was signed in here that they have been signed out', async () => {
  const refused = new Problem({ status: 401 });
  vi.mocked(readMe).mockRejectedValueOnce(refused);
  await ask().catch(() => undefined);
  expect(hasEnded()).toBe(false);
  vi.mocked(readMe).mockResolvedValueOnce(rowan).mockRejectedValueOnce(refused);
  await ask();
  await ask().catch(() => undefined);
  expect(hasEnded()).toBe(true);
  vi.mocked(readMe).mockResolvedValueOnce(rowan);
  await ask();
  forget();
  expect(hasEnded()).toBe(false);
});
