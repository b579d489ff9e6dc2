const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** In tables of our own: what a browser reads for its own ones costs a phone the wait of 100 ms. */
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December'
];

const weekday = (at: Date) => WEEKDAYS[at.getDay()];
const dayMonth = (at: Date) => `${at.getDate()} ${MONTHS[at.getMonth()]}`;
const dayMonthYear = (at: Date) => `${dayMonth(at)} ${at.getFullYear()}`;
const twoDigits = (number: number) => String(number).padStart(2, '0');

/** The time of day as people say it; the small hours belong to the night, not to the morning. */
function partOfDay(at: Date): 'night' | 'morning' | 'afternoon' | 'evening' {
  const hour = at.getHours();
  if (hour < 5) return 'night';
  if (hour < 12) return 'morning';
  if (hour < 18) return 'afternoon';
  return 'evening';
}

function midnight(at: Date): number {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
}

/** When something happened, in words: "5 minutes ago", "this morning", "on Tuesday", "12 March". */
export function when(moment: string | Date, now: Date = new Date()): string {
  const at = new Date(moment);
  const ago = now.getTime() - at.getTime();
  if (ago < MINUTE) return 'just now';
  if (ago < HOUR) {
    const minutes = Math.floor(ago / MINUTE);
    return minutes === 1 ? 'a minute ago' : `${minutes} minutes ago`;
  }
  // Rounded, since a day of changing clocks has 23 or 25 hours.
  const days = Math.round((midnight(now) - midnight(at)) / (24 * HOUR));
  const part = partOfDay(at);
  if (days === 0) return part === 'night' ? 'in the night' : `this ${part}`;
  if (days === 1) return part === 'evening' ? 'last night' : whenYesterday(part);
  if (days < 7) return `on ${weekday(at)}`;
  return at.getFullYear() === now.getFullYear() ? dayMonth(at) : dayMonthYear(at);
}

function whenYesterday(part: 'night' | 'morning' | 'afternoon'): string {
  return part === 'night' ? 'the night before last' : `yesterday ${part}`;
}

/** To the minute: "Tuesday 24 November 2026 at 9:05". */
export function whenExactly(moment: string | Date): string {
  const at = new Date(moment);
  const minutes = twoDigits(at.getMinutes());
  return `${weekday(at)} ${dayMonthYear(at)} at ${at.getHours()}:${minutes}`;
}

/** For tables and receipts, where the very minute counts: "24 Nov 2026, 14:25". */
export function stamp(moment: string | Date): string {
  const at = new Date(moment);
  const month = MONTHS[at.getMonth()]?.slice(0, 3);
  const clock = `${twoDigits(at.getHours())}:${twoDigits(at.getMinutes())}`;
  return `${at.getDate()} ${month} ${at.getFullYear()}, ${clock}`;
}

/** A date a person plans by: "14 March 2027". */
export function onDate(moment: string | Date): string {
  return dayMonthYear(new Date(moment));
}

/** A day not far away: "Friday 4 December". */
export function onDay(moment: string | Date): string {
  const at = new Date(moment);
  return `${weekday(at)} ${dayMonth(at)}`;
}

/** A day without a time, such as "2026-11-27", wherever it is read: "27 November 2026". */
export function calendarDay(day: string): string {
  const at = new Date(day);
  return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}`;
}
