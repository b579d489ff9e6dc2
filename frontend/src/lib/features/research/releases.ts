import type { Agreement, Release, Released } from './shapes.ts';

/** How a request stands. An agreement that has run out shuts what was released under it. */
export type Standing = 'waits' | 'released' | 'refused' | 'ended';

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
): Standing {
  if (decision === null) return 'waits';
  if (decision.decision === 'refused') return 'refused';
  return agreement && !isRunning(agreement, today) ? 'ended' : 'released';
}

/** Where the programme lives, whatever the clock of the device says. */
export function today(now: Date = new Date()): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London' }).format(now);
}

export function fileWords(file: Released): string {
  return file === 'periods' ? 'one row a person and period' : 'rows of single acts';
}
