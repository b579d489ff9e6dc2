import type { UnshownWave, WaitingPaper } from './shapes.ts';

type WaveStanding = UnshownWave['standing'];

/** How a wave stands with a participant, for whoever helps them. */
export const WAVES: Record<WaveStanding, string> = {
  upcoming: 'Opens later',
  open: 'Open, nothing answered yet',
  begun: 'Begun',
  late: 'Late, and still taken',
  done: 'Handed in',
  declined: 'They said: not this time',
  missed: 'Over'
};

/** What a paper waits for, as far as the reader is concerned. */
export const STEPS: Record<WaitingPaper['step'], string> = {
  first: 'Nobody has typed it',
  second: 'Waits for you to type it a second time',
  wait: 'Waits for someone else',
  decide: 'Waits for you to decide and confirm',
  done: 'Confirmed'
};

export const canTalk = (standing: WaveStanding) =>
  ['open', 'begun', 'late', 'declined'].includes(standing);

/** A paper of a day in time can be typed long after. */
export const canType = (standing: WaveStanding) => canTalk(standing) || standing === 'missed';
