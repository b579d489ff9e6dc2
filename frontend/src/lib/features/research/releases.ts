import type { Agreement, Release, Released, RowsReleased } from './shapes.ts';

/** How a request stands. An agreement that has run out shuts what was released under it. */
export type ReleaseState = 'waits' | 'released' | 'refused' | 'ended';

/** The requests for a file of a dataset, the newest first, as the server lists them. */
export function requestsFor(releases: Release[], datasetId: string, file: Released): Release[] {
  return releases.filter((each) => each.dataset_id === datasetId && each.file === file);
}

export function agreementOf(release: Release, agreements: Agreement[]): Agreement | null {
  return agreements.find(({ id }) => id === release.agreement_id) ?? null;
}

/** The last day still counts. The server decides; this is for the words beside the button. */
export function isRunning(agreement: Agreement, today: string): boolean {
  return today <= agreement.ends_on;
}

export function standingOf(
  { decision }: Release,
  agreement: Agreement | null,
  today: string
): ReleaseState {
  if (decision === null) return 'waits';
  if (decision.decision === 'refused') return 'refused';
  return agreement && !isRunning(agreement, today) ? 'ended' : 'released';
}

/** Where the programme lives, whatever the clock of the device says. */
export function today(now: Date = new Date()): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London' }).format(now);
}

export function fileWords(file: Released): string {
  return file === 'periods' ? 'one row a person and period' : rowsWords(file).within;
}

type RowsWords = { title: string; within: string; what: string; risk: string };

const ROWS: Record<RowsReleased, RowsWords> = {
  acts: {
    title: 'Rows of single acts',
    within: 'rows of single acts',
    what: 'Each row is one act: what, on which day of the study, in which part of the day, towards which code.',
    risk: 'Someone who holds them and reads the wall could recognise people.'
  },
  answers: {
    title: 'Rows of answers',
    within: 'rows of answers',
    what: 'What each person answered in each wave, their scores, and exactly how much they did between two waves; never their words.',
    risk: 'Someone who holds them and knows a person well could recognise them.'
  }
};

/** What rows that leave by agreement alone are called, and what they could give away. */
export function rowsWords(released: RowsReleased): RowsWords {
  return ROWS[released];
}
