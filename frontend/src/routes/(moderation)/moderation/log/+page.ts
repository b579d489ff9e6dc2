import { readLog, readLogPeople } from '#lib/features/moderation/case.actions.ts';
import { filterFrom } from '#lib/features/moderation/log-filter.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = ({ url }) => {
  const only = filterFrom(url.searchParams);
  const first = readLog(null, only);
  const people = readLogPeople();
  // Handled where they are shown; without this a failure would also be reported as unhandled.
  for (const each of [first, people]) each.catch(() => undefined);
  return { only, first, people };
};
