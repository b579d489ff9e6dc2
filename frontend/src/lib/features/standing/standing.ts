import { onDate } from '#lib/text/when.ts';
import type { Me, MySanction } from '#lib/api/shapes.ts';

type Restriction = NonNullable<Me['standing']['suspended']>;

export const untilWords = (restriction: Restriction): string =>
  restriction.until ? `until ${onDate(restriction.until)}` : 'for good';

/** What one thing that was decided means, to the member. */
export function meaning(one: MySanction): string {
  const until = one.ends_at ? ` until ${onDate(one.ends_at)}` : '';
  switch (one.kind) {
    case 'warn':
      return 'A moderator asks you to take care with what you write here.';
    case 'read_first':
      return `A moderator reads what you write before others can${until}.`;
    case 'no_posting':
      return `You can't write here${until}. You can read and react.`;
    case 'suspend':
      return one.is_for_good
        ? 'Your account is suspended for good.'
        : `Your account is suspended${until}.`;
  }
}

/** What became of it, if anything did. */
export function became(one: MySanction): string | null {
  if (one.state === 'lifted') return 'Another moderator looked again, and lifted it.';
  if (one.state === 'over') return 'This is over.';
  if (one.answer === 'shortened') return 'Another moderator looked again, and made it shorter.';
  if (one.answer === 'upheld') return 'Another moderator looked again, and it stays.';
  return one.is_appealed ? 'You have appealed. Another moderator will look again.' : null;
}
