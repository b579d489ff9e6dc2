const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 });

/** The one way in which a number is shown: "6,531". */
export function figure(number: number): string {
  return whole.format(number);
}

/** With one place where it has one: "0.4", "1,203". */
export function roughly(number: number): string {
  return tenths.format(number);
}

/** Of a hundred: "76%". */
export function percentage(number: number): string {
  return `${figure(number)}%`;
}
