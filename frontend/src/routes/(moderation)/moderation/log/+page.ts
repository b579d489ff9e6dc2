import { readLog } from '#lib/features/moderation/case.actions.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = ({ url }) => {
  const caseId = url.searchParams.get('case');
  const first = readLog(null, caseId);
  // Handled where it is shown; without this a failure would also be reported as unhandled.
  first.catch(() => undefined);
  return { caseId, first };
};
