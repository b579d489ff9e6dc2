import { intentLabel, REACTIONS } from '#lib/features/posts/names.ts';
import type {
  AgeBand,
  Area,
  Counts,
  MyActivity,
  PeerSupportBefore,
  Purpose,
  Receipt,
  TenureBand
} from './shapes.ts';
import type { Intent } from '#lib/api/shapes.ts';
import { count, people } from '#lib/text/words.ts';

export const PURPOSES: Record<Purpose, { label: string; yes: string }> = {
  activity: {
    label: 'What I do here',
    yes: 'Yes, the study may keep a record of what I do here.'
  },
  text: {
    label: 'What I write',
    yes: 'Yes, the study may keep what I write on the wall.'
  },
  contact: {
    label: 'Asking me again',
    yes: 'Yes, the team may ask me again.'
  }
};

export const labelOf = ({ purpose }: { purpose: Purpose }) => PURPOSES[purpose].label;

export const AGE_BANDS: { value: AgeBand; label: string }[] = [
  { value: '18_to_24', label: '18 to 24' },
  { value: '25_to_34', label: '25 to 34' },
  { value: '35_to_44', label: '35 to 44' },
  { value: '45_to_54', label: '45 to 54' },
  { value: '55_to_64', label: '55 to 64' },
  { value: '65_or_over', label: '65 or over' }
];

export const AREAS: { value: Area; label: string }[] = [
  { value: 'east_midlands', label: 'East Midlands' },
  { value: 'east_of_england', label: 'East of England' },
  { value: 'london', label: 'London' },
  { value: 'north_east', label: 'North East' },
  { value: 'north_west', label: 'North West' },
  { value: 'south_east', label: 'South East' },
  { value: 'south_west', label: 'South West' },
  { value: 'west_midlands', label: 'West Midlands' },
  { value: 'yorkshire_and_humber', label: 'Yorkshire and the Humber' },
  { value: 'northern_ireland', label: 'Northern Ireland' },
  { value: 'scotland', label: 'Scotland' },
  { value: 'wales', label: 'Wales' },
  { value: 'elsewhere', label: 'Somewhere else' }
];

export const PEER_SUPPORT: { value: PeerSupportBefore; label: string }[] = [
  { value: 'yes', label: 'Yes' },
  { value: 'no', label: 'No, it is new to me' },
  { value: 'not_sure', label: "I'm not sure" }
];

const TENURE: Record<TenureBand, string> = {
  under_1_month: 'Less than a month',
  '1_to_5_months': 'One to five months',
  '6_to_23_months': 'Six months to two years',
  '2_years_or_more': 'Two years or more'
};

function labelled<Value>(all: { value: Value; label: string }[], value: Value | null): string {
  return all.find((each) => each.value === value)?.label ?? 'You skipped this';
}

/** What someone said about themselves, as a list of question and answer. */
export function aboutLines(about: {
  age_band: AgeBand | null;
  area: Area | null;
  peer_support_before: PeerSupportBefore | null;
  tenure_band: TenureBand | null;
}): { asked: string; said: string }[] {
  return [
    { asked: 'Age', said: labelled(AGE_BANDS, about.age_band) },
    { asked: 'Where you live', said: labelled(AREAS, about.area) },
    { asked: 'Peer support before', said: labelled(PEER_SUPPORT, about.peer_support_before) },
    {
      asked: 'How long you had been here',
      said: about.tenure_band ? TENURE[about.tenure_band] : 'Not kept'
    }
  ];
}

/** "3 posts, 12 replies and 5 reactions of yours, …": only what there is. */
export function countsWords(counts: Counts): string {
  const parts = [
    counts.published && count(counts.published, 'post'),
    counts.replied && count(counts.replied, 'reply', 'replies'),
    counts.reacted && count(counts.reacted, 'reaction'),
    counts.received && count(counts.received, 'time', 'times').concat(' that someone answered you'),
    counts.read && count(counts.read, 'time', 'times').concat(' that you read something')
  ].filter((part) => typeof part === 'string');
  if (parts.length === 0) return 'It holds no record of anything you did yet.';
  return `It holds a record of ${people(parts)}.`;
}

export function total(counts: Counts): number {
  return Object.values(counts).reduce((sum, each) => sum + each, 0);
}

const LENGTHS: Record<string, string> = {
  brief: 'a few words',
  short: 'a few sentences',
  medium: 'of middle length',
  long: 'long'
};

/** One row a study holds, in a sentence without its subject: "You gave the reaction …". */
export function activityWords(row: MyActivity): string {
  const reaction = REACTIONS.find((each) => each.kind === row.reaction)?.label;
  const said = [
    row.intent && intentLabel(row.intent as Intent).toLowerCase(),
    row.length_band && LENGTHS[row.length_band],
    row.has_note && 'behind a note'
  ].filter((part) => typeof part === 'string');
  const details = said.length ? `, ${said.join(', ')}` : '';
  switch (row.kind) {
    case 'published':
      return `You wrote a post${details}`;
    case 'replied':
      return `You wrote a reply${details}`;
    case 'reacted':
      return `You gave the reaction “${reaction}”`;
    case 'received':
      return reaction ? `You were given “${reaction}”` : 'You were given a reply';
    case 'read':
      return `You read something for ${count(row.seconds ?? 0, 'second')}`;
  }
}

const ACTS = { given: 'Yes', declined: 'No', withdrawn: 'No longer' };

export function receiptLines(receipt: Receipt): { asked: string; said: string }[] {
  return receipt.acts.map(({ purpose, act }) => ({
    asked: PURPOSES[purpose].label,
    said: ACTS[act]
  }));
}

export function receiptTitle(receipt: Receipt): string {
  return {
    taking_part: 'You take part',
    stopped: 'You have stopped',
    erased: 'Everything is erased',
    nothing_held: 'Nothing is held about you'
  }[receipt.state];
}

export function receiptClosing(receipt: Receipt): string {
  return {
    taking_part: 'You can change your mind at any time under My data.',
    stopped: 'Nothing more is recorded. What was recorded before stays until you have it erased.',
    erased:
      'Nobody can tell any more whose code this was, not even us. Results that were already given out stay as they are. Keep this receipt if you want to: we have no copy.',
    nothing_held: 'This study holds nothing about you.'
  }[receipt.state];
}
