import adapter from '@sveltejs/adapter-static';
import { sveltekit } from '@sveltejs/kit/vite';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig } from 'vitest/config';

/** `npm run dev` sends API calls here; the built site is served by the API itself. */
const api = process.env.ALONGSIDE_DEV_API ?? 'http://127.0.0.1:8000';

export default defineConfig({
  plugins: [
    sveltekit({
      adapter: adapter({ fallback: 'app.html', precompress: true }),
      // Root-relative, so that one page of the application can stand at every address.
      paths: { relative: false },
      serviceWorker: { register: false }
    }),
    svelteTesting()
  ],
  server: { proxy: { '/api': { target: api, ws: true } } },
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    include: ['src/**/*.test.ts'],
    environment: 'jsdom',
    restoreMocks: true
  }
});
