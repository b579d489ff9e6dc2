import { expect, it } from 'vitest';
import type { ReviewSubject } from './shapes.ts';
import { askedOf, keyOf, stateOf, titleOf } from './words.ts';

const subject = (said: Partial<ReviewSubject> = {}): ReviewSubject => ({
  kind: 'sheet',
  study_id: 's',
  name: null,
  version: 2,
  title: 'Evenings',
  edition_id: null,
  body_html: '<p>Read.</p>',
  is_signed_off: false,
  reviews: [],
  ...said
});
const said = (version: number, verdict: 'comment' | 'needs_change') =>
  ({ version, verdict }) as ReviewSubject['reviews'][number];

it('names what is reviewed with its version', () => {
  expect(titleOf(subject())).toBe('Information sheet of “Evenings”, version 2');
  const other = subject({ kind: 'instrument', study_id: null, name: 'phq9', title: 'PHQ-9' });
  expect(titleOf(other)).toBe('Questionnaire “PHQ-9”, version 2');
  expect(keyOf(other)).toBe('instrument:phq9:2');
  const edition = subject({ kind: 'edition', name: 'early_findings' });
  expect(titleOf(edition)).toBe('Edition 2 of “Evenings”: early findings');
});

it('asks of a report something else than of what participants are asked', () => {
  expect(askedOf(subject({ kind: 'edition' }))).toContain('taken the wrong way');
  expect(askedOf(subject())).toContain('saying no');
});

it('tells a wish for a change of this version from one of an earlier version', () => {
  expect(stateOf(subject({ is_signed_off: true }))).toBe('Signed off');
  expect(stateOf(subject({ reviews: [said(1, 'needs_change')] }))).toBe('Waits for an adviser');
  expect(stateOf(subject({ reviews: [said(2, 'comment')] }))).toBe('Waits for an adviser');
  expect(stateOf(subject({ reviews: [said(2, 'needs_change')] }))).toContain('asked for a change');
});
