import type { ReviewSubject, ReviewVerdict } from './shapes.ts';

/** The longest comment and the longest answer, as the server counts. */
export const MOST_COMMENT = 2000;

export const VERDICTS: Record<ReviewVerdict, string> = {
  comment: 'A comment',
  signed_off: 'Signed off',
  needs_change: 'Needs a change'
};

export const titleOf = ({ kind, title, name, version }: ReviewSubject): string =>
  ({
    sheet: `Information sheet of “${title}”, version ${version}`,
    instrument: `Questionnaire “${title}”, version ${version}`,
    edition: `Edition ${version} of “${title}”: ${(name ?? '').replaceAll('_', ' ')}`
  })[kind];

export const keyOf = ({ kind, study_id, name, version }: ReviewSubject): string =>
  [kind, study_id ?? name, version].join(':');

/** What its number counts. */
export const numbered = ({ kind }: ReviewSubject) => (kind === 'edition' ? 'edition' : 'version');

/** What helps to judge it. */
export const askedOf = ({ kind }: ReviewSubject): string =>
  kind === 'edition'
    ? 'What is good, what is hard to understand, what could be taken the wrong way.'
    : 'What is good, what is hard to read, what would keep someone from saying no.';

/** Where it stands, as one says it. */
export function stateOf({ is_signed_off, version, reviews }: ReviewSubject): string {
  if (is_signed_off) return 'Signed off';
  const said = reviews.find((one) => one.version === version && one.verdict !== 'comment');
  return said ? 'An adviser asked for a change' : 'Waits for an adviser';
}
