import { filterFrom, readWall } from '#lib/features/wall/wall.actions.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = ({ url }) => {
  const filter = filterFrom(url.searchParams);
  const first = readWall(filter, null);
  // Handled where it is shown; without this a failure would also be reported as unhandled.
  first.catch(() => undefined);
  return { filter, first };
};
