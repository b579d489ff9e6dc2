import { calendarDay, stamp } from '#lib/text/when.ts';
import type { MyInvitation, MyInvitationChoices, MyResponse } from './shapes.ts';

/** What became of one wave, a line for each thing that is kept. */
export function responseLines(response: MyResponse): string[] {
  const { mode, due_at, opened_at, saved_at, done_at, declined_at, late_at, answered_on } =
    response;
  const lines = [`It opened for you on ${calendarDay(due_at)}.`];
  if (mode === 'paper' && answered_on)
    lines.push(`You answered on paper on ${calendarDay(answered_on)}; the study team typed it in.`);
  else lines.push(`You began on ${stamp(opened_at)}.`);
  if (mode === 'assisted') lines.push('Someone of the study team asked you and wrote it down.');
  if (done_at) lines.push(`It was handed in on ${stamp(done_at)}.`);
  else if (declined_at) lines.push(`You said “not this time” on ${stamp(declined_at)}.`);
  else if (saved_at) lines.push(`It was not handed in. You answered last on ${stamp(saved_at)}.`);
  if (late_at) lines.push('It counts as late: its time was over.');
  return lines;
}

export function invitationWords({ number, by_email }: MyInvitation, title?: string): string {
  const what = number === 0 ? 'An invitation' : 'A reminder';
  const of = title ? ` to answer: ${title}` : '';
  return `${what}${of}, ${by_email ? 'here and by e-mail' : 'here'}`;
}

const PARTS = {
  morning: 'in the morning',
  afternoon: 'in the afternoon',
  evening: 'in the evening'
} as const;

export function choicesWords({ part_of_day, by_email, stopped_at }: MyInvitationChoices): string {
  if (stopped_at) return `You stopped invitations on ${calendarDay(stopped_at)}.`;
  const when = part_of_day ? PARTS[part_of_day] : 'at any time of the day';
  return `You are invited ${when}, ${by_email ? 'by e-mail too' : 'only here'}.`;
}
