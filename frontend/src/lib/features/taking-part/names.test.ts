import { describe, expect, it } from 'vitest';
import { receiptFileName, receiptText } from './receipt.ts';
import type { Receipt } from './shapes.ts';

describe('a receipt', () => {
  const receipt: Receipt = {
    study_id: 's',
    study_title: 'What helps',
    pseudonym: 'P-ABCDE-12',
    state: 'taking_part',
    at: '2026-11-24T10:00:00Z',
    sheet_version: 2,
    acts: [
      { purpose: 'activity', act: 'given' },
      { purpose: 'text', act: 'declined' }
    ],
    already: false
  };

  it('says what was chosen, under which sheet and code', () => {
    const text = receiptText(receipt);
    expect(text).toContain('Information sheet: version 2');
    expect(text).toContain('Your code in the study: P-ABCDE-12');
    expect(text).toContain('What I do here: Yes');
    expect(text).toContain('What I write: No');
  });

  it('is kept under a name that tells nothing', () => {
    expect(receiptFileName(receipt)).toBe('receipt-2026-11-24.txt');
  });

  it('says that nobody has a copy after an erasure', () => {
    const erased = receiptText({ ...receipt, state: 'erased', sheet_version: null, acts: [] });
    expect(erased).toContain('Your rows, texts and answers are erased');
    expect(erased).toContain('we have no copy');
    expect(erased).not.toContain('version');
  });
});
