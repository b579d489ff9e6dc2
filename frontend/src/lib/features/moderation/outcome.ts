import { count, isolated } from '#lib/text/words.ts';
import type { Act, CaseDetail, StepKind } from './shapes.ts';

const NOT_HERE = "is told nothing. They don't read here any more.";

export type Outcome = { who: string; words: string }[];

/** What will happen when this is sent, to whom, in the order in which it matters to them. */
export function outcome(
  detail: CaseDetail,
  act: Act,
  noteAbout: string,
  isSanctioned = false
): Outcome {
  const author = isolated(detail.subject.author.display_name);
  const note = noteAbout.trim() || '…';
  const staysHidden = act === 'nothing' && detail.subject.state === 'hidden';
  const found: Outcome = [
    staysHidden
      ? { who: 'Nobody else', words: 'sees it, as before.' }
      : { who: 'Everyone', words: everyone(detail, act, note) }
  ];
  if (!detail.author_reads_here) found.push({ who: author, words: NOT_HERE });
  else if (act !== 'nothing' || detail.appeal)
    found.push({ who: author, words: toAuthor(act, note, detail.appeal !== null, isSanctioned) });
  else found.push({ who: author, words: toAuthorOfNothing(detail) });
  if (detail.report_count > 0) found.push(toReporters(detail, act));
  found.push({
    who: 'The log',
    words: 'keeps what you decided and why, for good.'
  });
  return found;
}

/** Said once it is done: who can read of it, and nobody more. */
export function decidedWords(detail: CaseDetail, act: Act): string {
  const flagged = detail.report_count > 0 ? [toldReporters(detail)] : [];
  const isAuthorTold = detail.author_reads_here && (act !== 'nothing' || detail.appeal !== null);
  const told = isAuthorTold ? [isolated(detail.subject.author.display_name), ...flagged] : flagged;
  const words = told.join(' and ');
  return words
    ? `Decided. ${words.charAt(0).toUpperCase()}${words.slice(1)} can read it under Updates.`
    : 'Decided.';
}

function toldReporters({ report_count }: CaseDetail): string {
  return report_count === 1 ? 'the person who flagged it' : 'the people who flagged it';
}

function everyone({ subject }: CaseDetail, act: Act, note: string): string {
  const author = isolated(subject.author.display_name);
  const isRoot = subject.kind === 'post';
  return {
    nothing: 'sees it as before.',
    fold: `sees “Mentions ${note}” and chooses whether to open it.`,
    hide: `except ${author} and moderators no longer sees it, nor ${isRoot ? 'the replies to it' : 'what others quote of it'}.`,
    restore: `sees it again as ${author} wrote it.`
  }[act];
}

/** Taken in this case: steps in earlier ones about the same post were told of then. */
function wasTaken({ steps, id }: CaseDetail, kind: StepKind): boolean {
  return steps.some((step) => step.case_id === id && step.kind === kind);
}

function toAuthorOfNothing(detail: CaseDetail): string {
  if (wasTaken(detail, 'reached_out'))
    return 'is told nothing more. They have been written to already.';
  const nothing = 'is told nothing, not even that it was flagged.';
  return detail.is_worried ? `${nothing} Nobody has written to them yet.` : nothing;
}

/** What will happen when these words are sent. */
export function stepOutcome(detail: CaseDetail, kind: StepKind): Outcome {
  const author = isolated(detail.subject.author.display_name);
  const worried = {
    who: detail.worried_count > 1 ? 'Those who worried' : 'The person who worried',
    words: `${detail.worried_count > 1 ? 'read' : 'reads'}, once it is decided, that ${
      kind === 'reached_out' ? `we have written to ${author}` : 'we asked the safeguarding lead'
    }. Not your words.`
  };
  const log = { who: 'The log', words: 'keeps that you did this. Your words stay in the case.' };
  const told = detail.worried_count > 0 ? [worried, log] : [log];
  if (kind === 'reached_out')
    return [
      {
        who: author,
        words:
          'reads your words at once, that they are not in trouble, and where help is. Not who flagged it, and not your name.'
      },
      { who: 'The case', words: 'stays with you. It still has to be decided.' },
      ...told
    ];
  return [
    {
      who: 'The safeguarding lead',
      words: 'hears of it at once, here and by e-mail, and reads your words in the case.'
    },
    { who: 'The case', words: 'goes back to the queue. Any moderator can still take it.' },
    { who: author, words: 'is told nothing.' },
    ...told
  ];
}

function toAuthor(act: Act, note: string, isAppeal: boolean, isSanctioned: boolean): string {
  const calm = isSanctioned ? '' : ' that they are not in trouble,';
  if (isAppeal && act === 'nothing')
    return 'reads that another moderator looked again and left it so, and your reason.';
  return {
    nothing: 'reads that it stays as it is, and your reason.',
    fold: `reads that it is folded behind “${note}”,${calm} and your reason. They can appeal.`,
    hide: `reads that it is hidden for now,${calm} and your reason. They can edit it, or appeal.`,
    restore: 'reads that it is open for everyone again, and your reason.'
  }[act];
}

function toReporters(detail: CaseDetail, act: Act): Outcome[number] {
  const who =
    detail.report_count === 1
      ? isolated(detail.reports[0]?.reporter_name ?? 'The person who flagged it')
      : `The ${count(detail.report_count, 'person', 'people')} who flagged it`;
  const reads = detail.report_count === 1 ? 'reads' : 'read';
  const done = [
    wasTaken(detail, 'reached_out') && 'that we have written to them',
    wasTaken(detail, 'handed_over') && 'that we asked the safeguarding lead'
  ].filter((each) => each !== false);
  const also =
    detail.worried_count > 0 && done.length
      ? ` ${detail.worried_count > 1 ? 'Those who worried also read' : 'The person who worried also reads'} ${done.join(', and ')}.`
      : '';
  return {
    who,
    words: `${
      {
        nothing: `${reads} that you looked and left it, and your reason.`,
        fold: `${reads} that it is now folded, and a thank you. Not your reason.`,
        hide: `${reads} that it is now hidden, and a thank you. Not your reason.`,
        restore: `${reads} that it was looked at again and is open for everyone.`
      }[act]
    }${also}`
  };
}
