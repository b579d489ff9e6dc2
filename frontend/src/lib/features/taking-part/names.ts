import type { AgeBand, Area, PeerSupportBefore, Purpose, Receipt, TenureBand } from './shapes.ts';

/** What each purpose is called on receipts and in My data. What it means is the server's to say. */
const PURPOSES: Record<Purpose, string> = {
  activity: 'What I do here',
  questionnaires: 'Questionnaires',
  text: 'What I write',
  contact: 'Asking me again'
};

/** The same for somebody with a card, who does nothing here. */
export const CARD_PURPOSES: Record<Purpose, string> = {
  ...PURPOSES,
  activity: 'Meetings I come to'
};

export const labelOf = ({ purpose }: { purpose: Purpose }) => PURPOSES[purpose];

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
export function demographicsLines(demographics: {
  age_band: AgeBand | null;
  area: Area | null;
  peer_support_before: PeerSupportBefore | null;
  tenure_band: TenureBand | null;
}): { asked: string; said: string }[] {
  return [
    { asked: 'Age', said: labelled(AGE_BANDS, demographics.age_band) },
    { asked: 'Where you live', said: labelled(AREAS, demographics.area) },
    {
      asked: 'Peer support before',
      said: labelled(PEER_SUPPORT, demographics.peer_support_before)
    },
    {
      asked: 'How long you had been here',
      said: demographics.tenure_band ? TENURE[demographics.tenure_band] : 'Not kept'
    }
  ];
}

const ACTS = { given: 'Yes', declined: 'No', withdrawn: 'No longer' };

export function receiptLines(
  receipt: Receipt,
  purposes = PURPOSES
): { asked: string; said: string }[] {
  return receipt.acts.map(({ purpose, act }) => ({
    asked: purposes[purpose],
    said: ACTS[act]
  }));
}

export function receiptTitle(receipt: Receipt): string {
  return {
    taking_part: 'You take part',
    stopped: 'You have stopped',
    erased: 'Your rows, texts and answers are erased',
    nothing_held: 'Nothing is held about you'
  }[receipt.state];
}

export function receiptClosing(receipt: Receipt): string {
  return {
    taking_part: 'You can change your mind at any time under My data.',
    stopped: 'Nothing more is recorded. What was recorded before stays until you have it erased.',
    erased:
      'The link between you and this code is gone for good. Nobody can look it up any more, not even us. Results that were already given out stay as they are. Keep this receipt if you want to: we have no copy.',
    nothing_held: 'This study holds nothing about you.'
  }[receipt.state];
}
