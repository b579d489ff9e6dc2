const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'long' });
const dayMonth = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long' });
const dayMonthYear = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'long',
  year: 'numeric'
});
const exact = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: 'numeric',
  minute: '2-digit'
});

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
  if (days < 7) return `on ${weekday.format(at)}`;
  return at.getFullYear() === now.getFullYear() ? dayMonth.format(at) : dayMonthYear.format(at);
}

function whenYesterday(part: 'night' | 'morning' | 'afternoon'): string {
  return part === 'night' ? 'the night before last' : `yesterday ${part}`;
}

export function whenExactly(moment: string | Date): string {
  return exact.format(new Date(moment));
}

const short = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit'
});

/** For tables and receipts, where the very minute counts: "24 Nov 2026, 14:25". */
export function stamp(moment: string | Date): string {
  return short.format(new Date(moment));
}

/** A date a person plans by: "14 March 2027". */
export function onDate(moment: string | Date): string {
  return dayMonthYear.format(new Date(moment));
}

const weekdayDayMonth = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long',
  day: 'numeric',
  month: 'long'
});

/** A day not far away: "Friday 4 December". */
export function onDay(moment: string | Date): string {
  return weekdayDayMonth.format(new Date(moment));
}

const dayOnly = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC'
});

/** A day without a time, such as "2026-11-27", wherever it is read: "27 November 2026". */
export function calendarDay(day: string): string {
  return dayOnly.format(new Date(day));
}
