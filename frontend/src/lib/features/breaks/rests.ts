import type { SignedIn } from '#lib/features/accounts/signed-in.svelte.ts';

/** What a break is from: where others write, and one's own door to it. */
const COMMUNITY = ['wall', 'threads', 'search', 'write', 'news', 'members', 'activity', 'me'];

/** Settings, studies and My data stay open on a break: one can stop agreeing at any time. */
export const isOfCommunity = (path: string) => COMMUNITY.includes(path.split('/')[1] ?? '');

/** Which e-mails still come. Worries about a person reach the team on a break as well. */
export function mailWords(signedIn: Pick<SignedIn, 'has'>): string {
  const always = 'ones you ask for and ones that keep your sign-in safe';
  const isOnTeam = signedIn.has('safeguarding', 'moderator', 'administrator');
  const still = isOnTeam ? `${always}, and ones about someone people are worried about` : always;
  return `We send you no e-mails in that time, except ${still}.`;
}
