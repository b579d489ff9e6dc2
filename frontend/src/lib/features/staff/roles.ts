import type { Role } from '#lib/api/shapes.ts';
import type { Appointable } from './shapes.ts';

export const ROLES: { value: Appointable; label: string; hint: string }[] = [
  {
    value: 'host',
    label: 'Host',
    hint: 'Welcomes newcomers, who see their name, as a peer.'
  },
  { value: 'moderator', label: 'Moderator', hint: 'Reads what was flagged and decides.' },
  {
    value: 'safeguarding',
    label: 'Safeguarding lead',
    hint: 'Moderates, and acts when a life is at risk.'
  },
  {
    value: 'adviser',
    label: 'Adviser',
    hint: 'Advises on studies, from experience, and signs off what they ask.'
  },
  { value: 'researcher', label: 'Researcher', hint: 'Runs studies and downloads datasets.' },
  { value: 'checker', label: 'Output checker', hint: 'Checks what leaves a study.' },
  { value: 'administrator', label: 'Administrator', hint: 'Appoints people and keeps it running.' }
];

export function roleLabel(role: Role): string {
  return ROLES.find((each) => each.value === role)?.label ?? 'Member';
}

const ACTS_ALONE: Role[] = ['member', 'host'];

/** Roles with permissions of their own can only be used behind a second step. */
export function needsSecondStep(roles: Role[]): boolean {
  return roles.some((role) => !ACTS_ALONE.includes(role));
}
