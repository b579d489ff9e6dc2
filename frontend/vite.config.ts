import { existsSync } from 'node:fs';
import adapter from '@sveltejs/adapter-static';
import { sveltekit } from '@sveltejs/kit/vite';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig } from 'vitest/config';
import { plainIcons } from './lucide.ts';

/** `npm run dev` sends API calls here; the built site is served by the API itself. */
const api = process.env.ALONGSIDE_DEV_API ?? 'http://127.0.0.1:8000';

/**
 * What a page tells Kit before Kit's own modules are read, its version among it, and Vite's helper,
 * which loads those. In one file with them it would be told too late: then every page seems old,
 * and what is missing is fetched again without end.
 */
const PAYLOAD =
  /([\\/]@sveltejs[\\/]kit[\\/]src[\\/]runtime[\\/]client[\\/]payload|vite[\\/]preload-helper)\.js$/;

/** All styles together weigh less than those of one room cut into a dozen files. */
const STYLES = /(\.css$|[?&]type=style\b)/;

/** These folders of `features` in a rule on paths; one that is not there would drop out unseen. */
function folders(...names: string[]): string {
  for (const name of names) {
    const folder = new URL(`./src/lib/features/${name}/`, import.meta.url);
    if (!existsSync(folder)) throw new Error(`vite.config.ts names features/${name}: not there.`);
  }
  return names.join('|');
}

const LIB = String.raw`[\\/]src[\\/]lib[\\/]`;

/** What public pages and rooms share; what a few rooms alone ask is no part of it. */
const BASICS = new RegExp(
  String.raw`${LIB}(api[\\/](?!(generated[\\/])?rooms|loading)|text|ui|features[\\/](${folders('accounts', 'drafts', 'help', 'places')}|shell[\\/](Foot|TopBar|offline|theme)))\b`
);

/** Rooms of staff and of studies. */
const STAFF = folders(
  'by-code',
  'by-hand',
  'editions',
  'groups',
  'hours',
  'instruments',
  'invitations',
  'licences',
  'measures',
  'moderation',
  'programme',
  'projects',
  'questionnaires',
  'research',
  'reviews',
  'staff',
  'taking-part'
);

/** What rooms of staff and of studies share is no part of what every member's phone waits for. */
const NOT_FOR_STAFF = new RegExp(
  String.raw`^(?!.*${LIB}(api[\\/]((generated[\\/])?rooms|loading)|features[\\/](${STAFF}|shell[\\/]Staff))).*[\\/]src[\\/]`
);

/** What rooms of staff share, in few files: each more is a line that every phone at the wall reads. */
const STUDY = new RegExp(
  String.raw`${LIB}features[\\/](${folders('instruments', 'measures', 'research')})[\\/]`
);
const EDITIONS = new RegExp(
  String.raw`${LIB}features[\\/](${folders('editions', 'projects', 'reviews')})[\\/]`
);

export default defineConfig({
  plugins: [
    plainIcons(),
    sveltekit({
      adapter: adapter({ fallback: 'app.html', precompress: true }),
      // Root-relative, so that one page of the application can stand at every address.
      paths: { relative: false },
      serviceWorker: { register: false },
      // One page for all of a kind; `app/api/site.py` gives it for any id.
      prerender: {
        entries: [
          '*',
          '/groups/_',
          '/groups/_/meetings',
          '/meetings/_',
          '/licences/_',
          '/members/_',
          '/moderation/cases/_',
          '/moderation/batches/_',
          '/projects/_',
          '/research/instruments/_',
          '/research/instruments/_/preview',
          '/research/studies/_',
          '/research/studies/_/advice',
          '/research/studies/_/by-hand',
          '/questionnaires/_',
          '/research/studies/_/contact',
          '/research/studies/_/datasets',
          '/research/studies/_/measures',
          '/research/studies/_/plan',
          '/research/studies/_/project-page',
          '/research/studies/_/questionnaires',
          '/research/studies/_/questions',
          '/research/studies/_/releases',
          '/research/studies/_/reports',
          '/research/studies/_/reports/_',
          '/research/studies/_/sheet',
          '/studies/_',
          '/threads/_'
        ],
        handleHttpError: ({ path, message }) => {
          // Rooms name what they ask first; there is no API while the site is built.
          if (!path.startsWith('/api/')) throw new Error(message);
        }
      }
    }),
    svelteTesting()
  ],
  environments: {
    client: {
      build: {
        rolldownOptions: {
          output: {
            // Few files for what every page needs: each costs a phone a request of its own.
            codeSplitting: {
              groups: [
                { name: 'payload', test: PAYLOAD, priority: 2 },
                { name: 'styles', test: STYLES, priority: 1 },
                { name: 'framework', test: /[\\/]node_modules[\\/]/, minShareCount: 2 },
                { name: 'basics', test: BASICS, minShareCount: 2 },
                { name: 'study', test: STUDY, minShareCount: 2 },
                { name: 'editions', test: EDITIONS, minShareCount: 2 },
                { name: 'rooms', test: NOT_FOR_STAFF, minShareCount: 3 }
              ]
            }
          }
        }
      }
    }
  },
  server: { proxy: { '/api': { target: api, ws: true } } },
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    include: ['src/**/*.test.ts'],
    environment: 'jsdom',
    // Each file has its own page all the same; one Node a file cost four times as much.
    pool: 'vmThreads',
    maxWorkers: 1,
    restoreMocks: true
  }
});
