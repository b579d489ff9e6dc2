import { readWriting } from '#lib/features/editions/editions.actions.ts';
import { readStudy } from '#lib/features/research/research.actions.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = ({ params }) => {
  const first = readStudy(params.id);
  const writing = readWriting(params.id, params.kind);
  // Handled where they are shown; without this a failure would also be reported as unhandled.
  for (const each of [first, writing]) each.catch(() => undefined);
  return { id: params.id, kind: params.kind, first, writing };
};
