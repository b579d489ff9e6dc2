import type { Case } from './shapes.ts';

/** Worried first, then what more people stand behind, then the oldest: the order of the server. */
export function comesBefore(one: Case, other: Case): boolean {
  if (one.is_worried !== other.is_worried) return one.is_worried;
  if (people(one) !== people(other)) return people(one) > people(other);
  return one.place < other.place;
}

function people(row: Case): number {
  return Math.max(row.is_worried ? row.worried_count : row.report_count, 1);
}

export type Merged = { rows: Case[]; waiting: Case[] };

/**
 * What a fresh reading changes on screen without moving a row under anyone's hand: rows that stay
 * take their new state where they stand, rows that are gone stay as decided, new ones that come
 * last are put at the end, and those that belong higher up wait until they are asked for.
 */
export function merge(rows: Case[], fresh: Case[], hasMore: boolean): Merged {
  const byId = new Map(fresh.map((each) => [each.id, each]));
  const known = new Set(rows.map((row) => row.id));
  // What has become part of a batch is in the row that stands for it.
  const batched = new Set(fresh.flatMap((each) => each.batch?.case_ids ?? []));
  const kept = rows
    .filter((row) => byId.has(row.id) || !batched.has(row.id))
    .map((row) => byId.get(row.id) ?? gone(row, fresh, hasMore));
  const waiting: Case[] = [];
  for (const each of fresh) {
    if (known.has(each.id)) continue;
    const last = kept.at(-1);
    if (!last || comesBefore(last, each)) kept.push(each);
    else waiting.push(each);
  }
  return { rows: kept, waiting };
}

/** Absent from a reading that reached as far as it stood: someone has decided it. */
function gone(row: Case, fresh: Case[], hasMore: boolean): Case {
  const last = fresh.at(-1);
  const isBeyond = hasMore && last !== undefined && comesBefore(last, row);
  return isBeyond ? row : { ...row, state: 'decided', claim: null };
}
