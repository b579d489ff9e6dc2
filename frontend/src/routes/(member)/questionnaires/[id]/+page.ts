import { error } from '@sveltejs/kit';
import { Problem } from '#lib/api/index.ts';
import { keptWave } from '#lib/features/questionnaires/kept-answers.svelte.ts';
import { readWave } from '#lib/features/questionnaires/questionnaires.actions.ts';
import { waveAt } from '#lib/features/questionnaires/wave-words.ts';
import type { PageLoad } from './$types';

/** Without a network: the questions that are kept on this device while answers wait on it. */
export const load: PageLoad = async ({ params, parent, untrack }) => {
  // Who is here is asked anew when the line is back; what is being answered then stays on screen.
  const { here } = await untrack(() => parent());
  const place = waveAt(params.id);
  if (!place) error(404, "We can't find these questions.");
  try {
    return { wave: await readWave(place.study, place.wave) };
  } catch (thrown) {
    const problem = Problem.of(thrown);
    const kept =
      problem.isUncertain && here.me ? keptWave(here.me.account_id, place.study, place.wave) : null;
    if (kept) return { wave: kept };
    error(problem.status >= 400 ? problem.status : 503, problem.message);
  }
};
