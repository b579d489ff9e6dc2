import type { Group } from './shapes.ts';

const KINDS: Record<Group['kind'], string> = {
  peer_led: 'Led by members',
  facilitated: 'Led by a trained facilitator',
  activity_based: 'Around an activity',
  one_to_one: 'One to one'
};

export const KIND_OPTIONS = Object.entries(KINDS).map(([value, label]) => ({ value, label }));

/** How support is given in a group. */
export const kindWords = (kind: Group['kind']): string => KINDS[kind];

/** Where a group meets: "The library, Leeds", "Online". */
export function placeWords({ mode, place, area }: Pick<Group, 'mode' | 'place' | 'area'>): string {
  const said = mode === 'online' ? ['Online', area] : [place, area];
  return said.filter(Boolean).join(', ');
}
