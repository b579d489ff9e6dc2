import { stamp } from '#lib/text/when.ts';
import { receiptClosing, receiptLines, receiptTitle } from './names.ts';
import type { Purpose, Receipt } from './shapes.ts';

/** What the receipt says, line by line: the same on screen, on paper and in the file. */
export function receiptFacts(
  receipt: Receipt,
  purposes?: Record<Purpose, string>
): { asked: string; said: string }[] {
  return [
    { asked: 'Study', said: receipt.study_title },
    { asked: 'When', said: stamp(receipt.at) },
    ...(receipt.sheet_version
      ? [{ asked: 'Information sheet', said: `version ${receipt.sheet_version}` }]
      : []),
    ...(receipt.pseudonym ? [{ asked: 'Your code in the study', said: receipt.pseudonym }] : []),
    ...receiptLines(receipt, purposes)
  ];
}

export function receiptText(receipt: Receipt): string {
  const facts = receiptFacts(receipt).map(({ asked, said }) => `${asked}: ${said}`);
  return [
    'Alongside: your receipt from a study',
    '',
    receiptTitle(receipt),
    '',
    ...facts,
    '',
    receiptClosing(receipt),
    ''
  ].join('\r\n');
}

/** A name that tells whoever shares the device nothing of the study or of the code. */
export function receiptFileName(receipt: Receipt): string {
  return `receipt-${receipt.at.slice(0, 10)}.txt`;
}
