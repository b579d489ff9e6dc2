import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { keepForOffline } from './offline.ts';

const register = vi.fn(() => Promise.reject(new Error('No line.')));

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('navigator', { serviceWorker: { register } });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  register.mockClear();
});

function pageIs(state: DocumentReadyState): void {
  vi.spyOn(document, 'readyState', 'get').mockReturnValue(state);
}

it('keeps the site once the page is drawn, and not while it is', () => {
  pageIs('complete');
  keepForOffline();
  vi.advanceTimersByTime(2_500);
  expect(register).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1_000);
  expect(register).toHaveBeenCalledOnce();
});

it('waits for a page that still loads', () => {
  pageIs('interactive');
  keepForOffline();
  vi.advanceTimersByTime(60_000);
  expect(register).not.toHaveBeenCalled();
  dispatchEvent(new Event('load'));
  vi.advanceTimersByTime(3_500);
  expect(register).toHaveBeenCalledOnce();
});
