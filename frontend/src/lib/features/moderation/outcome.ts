import { count, isolated } from '#lib/text/words.ts';
import type { Act, CaseDetail } from './shapes.ts';

export type Outcome = { who: string; words: string }[];

/** What will happen when this is sent, to whom, in the order in which it matters to them. */
export function outcome(detail: CaseDetail, act: Act, noteAbout: string): Outcome {
  const author = isolated(detail.subject.author.display_name);
  const note = noteAbout.trim() || '…';
  const staysHidden = act === 'nothing' && detail.subject.state === 'hidden';
  const found: Outcome = [
    staysHidden
      ? { who: 'Nobody else', words: 'sees it, as before.' }
      : { who: 'Everyone', words: everyone(detail, act, note) }
  ];
  if (act !== 'nothing' || detail.second_look)
    found.push({ who: author, words: toAuthor(act, note, detail.second_look !== null) });
  else found.push({ who: author, words: 'is told nothing, and never learns that it was flagged.' });
  if (detail.report_count > 0) found.push(toReporters(detail, act));
  found.push({
    who: 'The log',
    words: 'keeps your decision and reason under your name, for good.'
  });
  return found;
}

function everyone({ subject }: CaseDetail, act: Act, note: string): string {
  const author = isolated(subject.author.display_name);
  const isRoot = subject.post_id === subject.thread_id;
  return {
    nothing: 'sees it as before.',
    fold: `sees “Mentions ${note}” and chooses whether to open it.`,
    hide: `except ${author} no longer sees it, nor ${isRoot ? 'the replies to it' : 'what others quote of it'}.`,
    restore: `sees it again as ${author} wrote it.`
  }[act];
}

function toAuthor(act: Act, note: string, isSecondLook: boolean): string {
  if (isSecondLook && act === 'nothing')
    return 'reads that another moderator looked again and left it so, and your reason.';
  return {
    nothing: 'reads that it stays as it is, and your reason.',
    fold: `reads that it is folded behind “${note}”, that they are not in trouble, and your reason. They can ask another moderator to look again.`,
    hide: 'reads that it is hidden for now, that they are not in trouble, and your reason. They can edit it, or ask another moderator to look again.',
    restore: 'reads that it is open for everyone again, and your reason.'
  }[act];
}

function toReporters(detail: CaseDetail, act: Act): Outcome[number] {
  const who =
    detail.report_count === 1
      ? isolated(detail.reports[0]?.reporter_name ?? 'The person who flagged it')
      : `The ${count(detail.report_count, 'person', 'people')} who flagged it`;
  const reads = detail.report_count === 1 ? 'reads' : 'read';
  return {
    who,
    words: {
      nothing: `${reads} that you looked and left it, and your reason.`,
      fold: `${reads} that it is now folded, and a thank you. Not your reason.`,
      hide: `${reads} that it is now hidden, and a thank you. Not your reason.`,
      restore: `${reads} that it was looked at again and is open for everyone.`
    }[act]
  };
}
