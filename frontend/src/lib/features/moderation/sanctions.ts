import { onDate } from '#lib/text/when.ts';
import { isolated } from '#lib/text/words.ts';
import type { AuthorSanction, CaseDetail, SanctionCreate, SanctionKind } from './shapes.ts';
import type { Outcome } from './outcome.ts';

export type Choice = SanctionKind | 'none';

/** What can be decided for a person, with what it means. */
export const CHOICES: { value: Choice; label: string; hint: string }[] = [
  { value: 'none', label: 'Nothing', hint: 'It is about these words alone.' },
  {
    value: 'warn',
    label: 'Warn them',
    hint: 'They are asked to take care with what they write. Nothing else changes.'
  },
  {
    value: 'read_first',
    label: 'Read first what they write',
    hint: 'A moderator opens each post and reply before others see it. They read and react as before.'
  },
  {
    value: 'no_posting',
    label: 'No writing for a while',
    hint: 'They can read and react, and write nothing.'
  },
  {
    value: 'suspend',
    label: 'Suspend them',
    hint: 'They are not in the community for a while, or for good. Another moderator has to agree.'
  }
];

const DAYS: Record<number, string> = { 7: 'a week', 14: 'two weeks', 30: 'a month' };

export const lengthWords = (days: number | null): string =>
  days === null ? 'for good' : `for ${DAYS[days] ?? `${days} days`}`;

/** How long each may last, as in a list to choose from. */
export function lengthsOf(kind: Choice): { value: string; label: string }[] {
  const days = { none: [], warn: [], read_first: [7, 14, 30], no_posting: [7, 14, 30] };
  const found: (number | null)[] = kind === 'suspend' ? [14, 30, null] : days[kind];
  return found.map((each) => ({ value: String(each), label: lengthWords(each) }));
}

export function sanctionOf(kind: Choice, days: string): SanctionCreate | null {
  if (kind === 'none') return null;
  return { kind, days: kind === 'warn' || days === 'null' ? null : Number(days) };
}

/** Who reads what of it, for the panel beside the form. */
export function sanctionOutcome(detail: CaseDetail, wanted: SanctionCreate | null): Outcome {
  if (wanted === null) return [];
  const author = isolated(detail.subject.author.display_name);
  if (wanted.kind === 'suspend')
    return [
      {
        who: 'Another moderator',
        words: `is asked to agree that ${author} is suspended ${lengthWords(wanted.days ?? null)}. Until then nothing changes, and ${author} is not told of it.`
      }
    ];
  const means = {
    warn: 'is warned at once',
    read_first: `is read first ${lengthWords(wanted.days ?? null)}, from now on`,
    no_posting: `can't write ${lengthWords(wanted.days ?? null)}, from now on`
  }[wanted.kind];
  return [
    {
      who: 'The person',
      words: `${means}. They read what it means, until when, your reason, and how to appeal.`
    }
  ];
}

const KINDS: Record<SanctionKind, string> = {
  warn: 'Warned',
  read_first: 'Read first',
  no_posting: 'No writing',
  suspend: 'Suspended'
};

/** "Suspended for two weeks, until 14 March": one line of what was decided before. */
export function sanctionLine(one: AuthorSanction): string {
  if (one.kind === 'warn') return 'Warned';
  const what = `${KINDS[one.kind]} ${lengthWords(one.days)}`;
  switch (one.state) {
    case 'proposed':
      return `${what}: waits for another moderator to agree`;
    case 'declined':
      return `${what}: another moderator did not agree`;
    case 'lifted':
      return `${what}: lifted`;
    case 'over':
      return `${what}: over`;
    default:
      return one.ends_at ? `${what}, until ${onDate(one.ends_at)}` : what;
  }
}
