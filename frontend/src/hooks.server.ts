import type { Handle } from '@sveltejs/kit/hooks';
import { askedEarly } from '#lib/features/shell/asked-early.ts';
import { titleOf } from '#lib/features/shell/titles.ts';

/**
 * While the site is built: what stands in a room's page before a script runs, its title and what
 * its first questions will be, so that they are on their way while the scripts are.
 */
export const handle: Handle = async ({ event, resolve }) =>
  resolve(event, {
    transformPageChunk: ({ html }) => {
      if (html.includes('<title>')) return html;
      const links = askedEarly(event.route.id).map(
        (url) => `<link rel="preload" href="${url}" as="fetch" crossorigin>`
      );
      const title = `<title>${titleOf(event.route.id)}</title>`;
      return html.replace('</head>', [title, ...links, '</head>'].join('\n'));
    }
  });
