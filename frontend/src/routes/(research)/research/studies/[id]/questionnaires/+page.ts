import { readInstruments } from '#lib/features/instruments/instruments.actions.ts';
import { readPlan, readStudy } from '#lib/features/research/research.actions.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = ({ params }) => {
  const first = readStudy(params.id);
  const plan = readPlan(params.id);
  const instruments = readInstruments();
  // Handled where they are shown; without this a failure would also be reported as unhandled.
  for (const each of [first, plan, instruments]) each.catch(() => undefined);
  return { id: params.id, first, plan, instruments };
};
