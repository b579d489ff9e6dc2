import { readCase, readReasons } from '#lib/features/moderation/case.actions.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = ({ params }) => {
  const first = readCase(params.id);
  const reasons = readReasons();
  // Handled where they are shown; without this a failure would also be reported as unhandled.
  for (const each of [first, reasons]) each.catch(() => undefined);
  return { id: params.id, first, reasons };
};
