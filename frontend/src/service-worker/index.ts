/// <reference types="vite/client" />
import { version } from '$app/env';
import { assets, immutable } from '$app/manifest';
import { self } from '$app/service-worker';
import { PUBLIC_PAGES } from '../lib/features/shell/public-pages.ts';

const CACHE = `alongside-${version}`;
const SHELL = '/app';
const HELP = '/help-now';

/**
 * Two promises hold without a connection: Help now opens, and the application starts, so that in
 * a tab where someone is signed in a draft can be read and written (`accounts/last-known.ts`).
 * Nothing that anyone posted is ever put in this cache.
 */
const kept = [
  HELP,
  SHELL,
  ...[...assets, ...immutable].map((file) => `/${file.path}`.replace('//', '/'))
];

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(kept))
      .then(() => self.skipWaiting())
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)))
      )
      .then(() => self.clients.claim())
  );
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  if (request.mode === 'navigate') event.respondWith(page(request, pathname));
  else if (kept.includes(pathname)) event.respondWith(asset(request));
});

/** Fresh when there is a line; the kept page when there is none. */
async function page(request: Request, pathname: string): Promise<Response> {
  try {
    return await fetch(request);
  } catch (lost) {
    const found = await caches.match(PUBLIC_PAGES.includes(pathname) ? HELP : SHELL);
    if (found) return found;
    throw lost;
  }
}

/** Files named by their content never change. */
async function asset(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}
