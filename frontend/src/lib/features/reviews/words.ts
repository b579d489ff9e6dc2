import type { ReviewSubject, ReviewVerdict } from './shapes.ts';

/** The longest comment and the longest answer, as the server counts. */
export const MOST_COMMENT = 2000;

export const VERDICTS: Record<ReviewVerdict, string> = {
  comment: 'A comment',
  signed_off: 'Signed off',
  needs_change: 'Needs a change'
};

export const titleOf = ({ kind, title, version }: ReviewSubject): string =>
  kind === 'sheet'
    ? `Information sheet of “${title}”, version ${version}`
    : `Questionnaire “${title}”, version ${version}`;

export const keyOf = ({ kind, study_id, name, version }: ReviewSubject): string =>
  [kind, study_id ?? name, version].join(':');

/** Where it stands, as one says it. */
export function stateOf({ is_signed_off, version, reviews }: ReviewSubject): string {
  if (is_signed_off) return 'Signed off';
  const said = reviews.find((one) => one.version === version && one.verdict !== 'comment');
  return said ? 'An adviser asked for a change' : 'Waits for an adviser';
}
