/** Made when first asked for: the browser reads its tables for each, which a phone waits for. */
let whole: Intl.NumberFormat | null = null;
let tenths: Intl.NumberFormat | null = null;
/** From here on a figure has a comma. */
const THOUSAND = 1000;

/** The one way in which a number is shown: "6,531". */
export function figure(number: number): string {
  if (Number.isInteger(number) && Math.abs(number) < THOUSAND) return String(number);
  whole ??= new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
  return whole.format(number);
}

/** With one place where it has one: "0.4", "1,203". */
export function roughly(number: number): string {
  tenths ??= new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 });
  return tenths.format(number);
}

/** Of a hundred: "76%". */
export function percentage(number: number): string {
  return `${figure(number)}%`;
}
