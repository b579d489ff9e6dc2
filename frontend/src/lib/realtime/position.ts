/**
 * Order of two positions `<xid>-<id>`: by transaction, then by number.
 * Both parts may pass 2^53, so they are compared as whole numbers of any length.
 */
export function compare(left: string, right: string): number {
  const [leftXid = '0', leftId = '0'] = left.split('-');
  const [rightXid = '0', rightId = '0'] = right.split('-');
  return order(BigInt(leftXid), BigInt(rightXid)) || order(BigInt(leftId), BigInt(rightId));
}

function order(left: bigint, right: bigint): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

export function isAfter(position: string, seen: string | null): boolean {
  return seen === null || compare(position, seen) > 0;
}

export function later(left: string | null, right: string): string {
  return left !== null && compare(left, right) > 0 ? left : right;
}
