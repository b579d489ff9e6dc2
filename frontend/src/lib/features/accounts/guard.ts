import { redirect } from '@sveltejs/kit';
import { Problem } from '#lib/api/index.ts';
import type { Me } from '#lib/api/shapes.ts';
import { readMe } from './account.actions.ts';
import { signInFrom } from './destination.ts';
import { asking, endHere, lastKnown } from './last-known.ts';

/** With a problem, `me` is who was last known here, if anyone was. */
export type Here = { me: Me | null; problem: Problem | null };

/** Who is about to enter a room behind the sign-in. Only the server's word that they are signed out sends anyone away. */
export async function whoIsHere(
  url: URL,
  depends: (name: `${string}:${string}`) => void
): Promise<Here> {
  depends('alongside:me');
  try {
    const remember = asking();
    const me = await readMe();
    remember(me);
    return { me, problem: null };
  } catch (thrown) {
    const problem = Problem.of(thrown);
    if (problem.isSignedOut) {
      endHere();
      redirect(303, signInFrom(url));
    }
    return { me: lastKnown(), problem };
  }
}
