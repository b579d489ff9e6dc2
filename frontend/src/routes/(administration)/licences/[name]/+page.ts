import { readInstrument } from '#lib/features/instruments/instruments.actions.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = ({ params }) => {
  const first = readInstrument(params.name);
  // Handled where it is shown; without this a failure would also be reported as unhandled.
  first.catch(() => undefined);
  return { name: params.name, first };
};
