import { readMyData } from '#lib/features/taking-part/study.actions.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = () => {
  const first = readMyData();
  // Handled where it is shown; without this a failure would also be reported as unhandled.
  first.catch(() => undefined);
  return { first };
};
