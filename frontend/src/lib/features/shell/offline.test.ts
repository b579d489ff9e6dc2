import { afterEach, expect, it, vi } from 'vitest';
import { keepForOffline } from './offline.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('keeps the site once the page is drawn, and not while it is', () => {
  vi.useFakeTimers();
  const register = vi.fn(() => Promise.reject(new Error('No line.')));
  vi.stubGlobal('navigator', { serviceWorker: { register } });
  keepForOffline();
  vi.advanceTimersByTime(2_500);
  expect(register).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1_000);
  expect(register).toHaveBeenCalledOnce();
});
