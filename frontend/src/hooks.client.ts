import type { HandleClientError } from '@sveltejs/kit/hooks';
import { keepForOffline } from '#lib/features/shell/offline.ts';
import { applyTheme, readTheme } from '#lib/features/shell/theme.ts';

applyTheme(readTheme());
keepForOffline();

/** What we did not foresee is said without its inner workings; the console keeps those. */
export const handleError: HandleClientError = ({ kind, error }) => {
  if (kind === 'app') return undefined;
  console.error(error);
  return {
    message:
      kind === 'framework'
        ? 'There is nothing at this address.'
        : 'It is our fault, not yours. Nothing is lost. Try again in a moment.'
  };
};
