import type { FlowRead, WaveFlowRead } from './shapes.ts';
import { aboutWords } from './words.ts';

/** A box of the flow, and what left the road beside it. */
export type FlowStep = {
  label: string;
  people: number | null;
  /** What became of the others; nothing where nothing can have. */
  aside: { label: string; people: number | null }[];
};

/** From who could take part to the last wave, as CONSORT draws it. */
export function stepsOf(flow: FlowRead): FlowStep[] {
  return [
    { label: 'Invited: it was shown to them', people: flow.invited, aside: [] },
    { label: 'Looked at the study', people: flow.looked, aside: [] },
    {
      label: 'Joined',
      people: flow.joined,
      aside: [
        { label: 'Stopped since', people: flow.stopped },
        { label: 'Had everything erased', people: flow.erased }
      ]
    },
    { label: 'Agreed to questionnaires', people: flow.agreed, aside: [] },
    ...flow.waves.map((wave) => ({
      label: `${wave.title}: handed in`,
      people: wave.done,
      aside: [
        { label: 'Asked', people: wave.asked },
        { label: 'Of those handed in, late', people: wave.late },
        { label: 'Said “not this time”', people: wave.declined },
        { label: 'Began and did not hand in', people: wave.begun },
        { label: 'Did not answer in its time', people: wave.silent }
      ]
    }))
  ];
}

/** The first figure of a study: how many stayed with it to each wave. */
export function followUpWords({ title, follow_up, followed, followed_of }: WaveFlowRead): string {
  const of = `${aboutWords(followed_of)} people who handed in the first wave and whose time for this one is over`;
  if (followed_of === null) return `${title}: too few to tell yet.`;
  if (followed === null) return `${title}: fewer than 10 of ${of}.`;
  return `${title}: ${follow_up}%. That is ${aboutWords(followed)} of ${of}.`;
}

/** The waves that say how many stayed: all but the first. */
export const followedWaves = ({ waves }: FlowRead): WaveFlowRead[] => waves.slice(1);
