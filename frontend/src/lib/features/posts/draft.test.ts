import { beforeEach, expect, it, vi } from 'vitest';
import { Draft } from './draft.svelte.ts';

beforeEach(() => localStorage.clear());

it('is there again after a reload', () => {
  const draft = new Draft('me', 'wall');
  draft.body = 'I could not sleep again';
  draft.intent = 'looking_for_support';
  draft.save();
  const again = new Draft('me', 'wall');
  expect(again.body).toBe('I could not sleep again');
  expect(again.intent).toBe('looking_for_support');
  expect(again.wasKept).toBe(true);
});

it('saves by itself a moment after the last key', () => {
  vi.useFakeTimers();
  const draft = new Draft('me', 'wall');
  draft.body = 'Hello';
  draft.saveSoon();
  vi.advanceTimersByTime(400);
  vi.useRealTimers();
  expect(new Draft('me', 'wall').body).toBe('Hello');
});

it('belongs to one person and one place', () => {
  const draft = new Draft('me', 'wall');
  draft.body = 'Hello';
  draft.save();
  expect(new Draft('someone-else', 'wall').body).toBe('');
  expect(new Draft('me', 'thread:1').body).toBe('');
});

it('keeps its key while the same words are tried again, also after a reload', () => {
  const draft = new Draft('me', 'wall');
  draft.body = 'Hello';
  const key = draft.keyForSending();
  expect(draft.keyForSending()).toBe(key);
  expect(new Draft('me', 'wall').keyForSending()).toBe(key);
});

it('keeps its key when the words changed after a failed try: that one may have arrived', () => {
  const draft = new Draft('me', 'wall');
  draft.body = 'Hello';
  const key = draft.keyForSending();
  draft.body = 'Hello all';
  expect(draft.keyForSending()).toBe(key);
  draft.beAnother();
  expect(draft.keyForSending()).not.toBe(key);
});

it('is gone once sent, with a new key for the next', () => {
  const draft = new Draft('me', 'wall');
  draft.body = 'Hello';
  const key = draft.keyForSending();
  draft.clear();
  expect(new Draft('me', 'wall').body).toBe('');
  draft.body = 'Hello';
  expect(draft.keyForSending()).not.toBe(key);
});

it('survives a store that is broken, full or forbidden', () => {
  localStorage.setItem('alongside:draft:me:wall', '{not json');
  expect(new Draft('me', 'wall').body).toBe('');
  vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
    throw new DOMException('full', 'QuotaExceededError');
  });
  const draft = new Draft('me', 'wall');
  draft.body = 'Hello';
  expect(() => draft.save()).not.toThrow();
  expect(draft.isKept()).toBe(false);
  vi.restoreAllMocks();
  expect(draft.isKept()).toBe(true);
  expect(new Draft('me', 'wall', null).body).toBe('');
});

it('keeps whom a reply answers, and its key when that changes', () => {
  const draft = new Draft('me', 'thread:1');
  Object.assign(draft, { body: 'Me too', to: 'r1' });
  const key = draft.keyForSending();
  expect(new Draft('me', 'thread:1').to).toBe('r1');
  draft.to = null;
  expect(draft.keyForSending()).toBe(key);
});

/** The same place in two tabs; the browser tells each what the other stored. */
function twoTabs() {
  const [here, there] = [new Draft('me', 'thread:1'), new Draft('me', 'thread:1')];
  return { here, there, tell: (tab: Draft) => tab.adopt('alongside:draft:me:thread:1') };
}

it('is never removed by a tab in which nothing was written', () => {
  const { here, there } = twoTabs();
  there.body = 'Hello';
  there.save();
  here.save();
  expect(new Draft('me', 'thread:1').body).toBe('Hello');
});

it('is not overwritten by a tab that was told nothing new', () => {
  const { here, there, tell } = twoTabs();
  here.body = 'Hello';
  here.save();
  tell(there);
  there.body = 'Hello all';
  there.save();
  here.save();
  expect(new Draft('me', 'thread:1').body).toBe('Hello all');
});

it('follows what another tab writes and sends, unless there are words here', () => {
  const { here, there, tell } = twoTabs();
  there.body = 'Hello';
  there.save();
  expect(tell(here)).toBe(true);
  expect(here.body).toBe('Hello');
  there.clear();
  tell(here);
  expect(here.body).toBe('');
  there.body = 'Again';
  there.save();
  here.body = 'My own';
  expect(tell(here)).toBe(false);
  expect(here.body).toBe('My own');
});

it('leaves what another tab added while this one was sending', () => {
  const { here, there, tell } = twoTabs();
  here.body = 'Hello';
  here.keyForSending();
  tell(there);
  there.body = 'Hello, and more';
  there.save();
  here.clear();
  expect(new Draft('me', 'thread:1').body).toBe('Hello, and more');
});

it('begins gently, keeps nothing of that untouched, and never in place of what is written', () => {
  const start = { body: "Hello, I'm Rowan. ", intent: 'saying_hello' as const };
  const draft = new Draft('me', 'wall');
  draft.begin(start);
  expect(draft.words).toEqual({ ...start, about: '' });
  draft.save();
  expect(new Draft('me', 'wall').body).toBe('');
  draft.body += 'Nights are long.';
  draft.save();
  const again = new Draft('me', 'wall');
  again.begin(start);
  expect(again.body).toBe("Hello, I'm Rowan. Nights are long.");
  expect(again.wasKept).toBe(true);
  draft.clear();
  expect(draft.body).toBe('');
});
