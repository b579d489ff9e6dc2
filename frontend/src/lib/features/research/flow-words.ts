import type { FlowRead, WaveFlowRead } from './shapes.ts';
import { aboutWords } from './words.ts';

/** How many people, and of what. */
export type FlowCount = { label: string; people: number | null };

/** A box of the flow. */
export type FlowStep = FlowCount & {
  /** More about the people of this box. */
  details: FlowCount[];
  /** Who left on the way to it: the box beside the arrow. */
  left: { title: string; counts: FlowCount[] } | null;
};

/** From who could take part to the last wave, as CONSORT draws it. */
export function stepsOf(flow: FlowRead): FlowStep[] {
  const step = (label: string, people: number | null): FlowStep => {
    return { label, people, details: [], left: null };
  };
  const stoppedOrErased = [
    { label: 'Stopped', people: flow.stopped },
    { label: 'Had everything erased', people: flow.erased }
  ];
  return [
    step('Invited: it was shown to them', flow.invited),
    step('Looked at the study', flow.looked),
    step('Joined', flow.joined),
    {
      ...step('Agreed to questionnaires', flow.agreed),
      left: { title: 'Left the study, at any time since', counts: stoppedOrErased }
    },
    ...flow.waves.map(waveStep)
  ];
}

function waveStep({ title, asked, done, late, declined, begun, silent }: WaveFlowRead): FlowStep {
  return {
    label: `${title}: handed in`,
    people: done,
    details: [
      { label: 'Asked', people: asked },
      { label: 'Of those handed in, late', people: late }
    ],
    left: {
      title: `${title}: not handed in`,
      counts: [
        { label: 'Said “not this time”', people: declined },
        { label: 'Began and did not hand in', people: begun },
        { label: 'Did not answer in its time', people: silent }
      ]
    }
  };
}

/** The same in the rows of a table, in the order of the drawing; each label says what it is of. */
export function rowsOf(steps: FlowStep[]): FlowCount[] {
  return steps.flatMap(({ label, people, details, left }) => [
    ...(left ? left.counts.map((one) => within(left.title, one)) : []),
    { label, people },
    ...details.map((one) => within(label, one))
  ]);
}

const within = (what: string, { label, people }: FlowCount): FlowCount => ({
  label: `${what}. ${label}`,
  people
});

/** The first figure of a study: how many stayed with it to each wave. */
export function followUpWords({ title, follow_up, followed, followed_of }: WaveFlowRead): string {
  const of = `${aboutWords(followed_of)} people who handed in the first wave and whose time for this one is over`;
  if (followed_of === null) return `${title}: too few to tell yet.`;
  if (followed === null) return `${title}: fewer than 10 of ${of}.`;
  return `${title}: ${follow_up}%. That is ${aboutWords(followed)} of ${of}.`;
}

/** The waves that say how many stayed: all but the first. */
export const followedWaves = ({ waves }: FlowRead): WaveFlowRead[] => waves.slice(1);
