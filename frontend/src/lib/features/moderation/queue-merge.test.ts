import { describe, expect, it } from 'vitest';
import { merge } from './queue-merge.ts';
import type { Case } from './shapes.ts';

function made(id: string, opened: number, over: Partial<Case> = {}): Case {
  return {
    id,
    version: 1,
    state: 'open',
    is_worried: false,
    report_count: 1,
    worried_count: over.is_worried ? 1 : 0,
    is_appeal: false,
    is_premoderated: false,
    batch: null,
    reasons: [],
    is_handed_over: false,
    outcome: null,
    opened_at: '2026-11-24T10:00:00Z',
    place: opened,
    subject: {
      kind: 'post',
      id: `p-${id}`,
      version: 1,
      thread_id: `p-${id}`,
      excerpt: 'Words',
      author: { id: 'a', display_name: 'Rowan' },
      state: 'visible',
      written_at: '2026-11-24T09:00:00Z',
      edited_at: null
    },
    claim: null,
    why_not: null,
    ...over
  };
}

const ids = (cases: Case[]) => cases.map((each) => each.id);

describe('a fresh reading of the queue', () => {
  it('puts a new case at the end, where it moves nothing', () => {
    const { rows, waiting } = merge([made('a', 1)], [made('a', 1), made('b', 2)], false);
    expect(ids(rows)).toEqual(['a', 'b']);
    expect(waiting).toEqual([]);
  });

  it('lets a worry wait at the top until it is asked for', () => {
    const worry = made('w', 9, { is_worried: true });
    const { rows, waiting } = merge([made('a', 1)], [worry, made('a', 1)], false);
    expect(ids(rows)).toEqual(['a']);
    expect(ids(waiting)).toEqual(['w']);
  });

  it('shows everything at once when there was nothing', () => {
    const fresh = [made('w', 9, { is_worried: true }), made('a', 1)];
    expect(merge([], fresh, false)).toEqual({ rows: fresh, waiting: [] });
  });

  it('updates a row where it stands, also when it has become a worry', () => {
    const worried = made('b', 2, { is_worried: true, report_count: 2 });
    const { rows } = merge([made('a', 1), made('b', 2)], [worried, made('a', 1)], false);
    expect(ids(rows)).toEqual(['a', 'b']);
    expect(rows[1]?.report_count).toBe(2);
  });

  it('keeps a row that is gone in its place, as decided', () => {
    const { rows } = merge([made('a', 1), made('b', 2)], [made('b', 2)], false);
    expect(ids(rows)).toEqual(['a', 'b']);
    expect(rows[0]?.state).toBe('decided');
  });

  it('says nothing of rows beyond what was read', () => {
    const { rows } = merge([made('a', 1), made('z', 50)], [made('a', 1), made('b', 2)], true);
    expect(rows.find((row) => row.id === 'z')?.state).toBe('open');
  });

  it('lets what more people worry about wait above what fewer do', () => {
    const one = made('a', 1, { is_worried: true });
    const three = made('b', 9, { is_worried: true, worried_count: 3, report_count: 3 });
    const { rows, waiting } = merge([one], [three, one], false);
    expect(ids(rows)).toEqual(['a']);
    expect(ids(waiting)).toEqual(['b']);
  });

  it('takes what has become part of a batch for no decided case', () => {
    const head = made('a', 1, { batch: { case_ids: ['a', 'b', 'c', 'd'] } });
    const { rows } = merge([made('a', 1), made('b', 2), made('x', 3)], [head, made('x', 3)], false);
    expect(ids(rows)).toEqual(['a', 'x']);
    expect(rows.map((row) => row.state)).toEqual(['open', 'open']);
  });
});
