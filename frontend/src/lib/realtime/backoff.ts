const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/** How long to wait before the next try: doubling, with a spread so that a crowd does not return as one. */
export function wait(attempt: number, random: () => number = Math.random): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt);
  return full / 2 + (full / 2) * random();
}
