import { readContactRequests } from '#lib/features/invitations/invitations.actions.ts';
import { readStudy } from '#lib/features/research/research.actions.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = ({ params }) => {
  const first = readStudy(params.id);
  const waiting = readContactRequests(params.id);
  // Handled where they are shown; without this a failure would also be reported as unhandled.
  for (const each of [first, waiting]) each.catch(() => undefined);
  return { id: params.id, first, waiting };
};
