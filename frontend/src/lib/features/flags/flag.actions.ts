import * as api from '#lib/api/index.ts';
import type { ReportReason } from '#lib/api/shapes.ts';

export type Reason = ReportReason;
export type ReportKind = 'breaks_rules' | 'worried';
export type Flag = {
  post_id: string;
  kind: ReportKind;
  reason: ReportReason | null;
  detail: string | null;
  /** Of the text that was on screen. */
  revision: number;
};

export const REASONS: { value: ReportReason; label: string; hint?: string }[] = [
  { value: 'hurtful', label: 'It is hurtful to someone' },
  {
    value: 'unsafe_method',
    label: 'It describes a way to self-harm',
    hint: 'A method, amount or place'
  },
  { value: 'personal_details', label: 'It gives away who or where someone is' },
  { value: 'spam', label: 'It is advertising or spam' },
  { value: 'something_else', label: 'Something else' }
];

export const flag = (body: Flag) => api.fileReport({ body });
