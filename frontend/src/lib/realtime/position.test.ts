import { expect, it } from 'vitest';
import { compare, isAfter, later } from './position';
import { wait } from './backoff';

it.each([
  ['10-1', '9-9', 1],
  ['10-1', '10-1', 0],
  ['10-9', '10-10', -1],
  ['18446744073709551615-1', '18446744073709551614-2', 1]
])('orders %s and %s', (left, right, order) => {
  expect(Math.sign(compare(left, right))).toBe(order);
});

it('takes anything for later than nothing', () => {
  expect(isAfter('1-1', null)).toBe(true);
  expect(later(null, '1-1')).toBe('1-1');
  expect(later('2-1', '1-1')).toBe('2-1');
});

it('waits between half and the whole of a doubling time, at most 30 seconds', () => {
  expect(wait(0, () => 0)).toBe(250);
  expect(wait(3, () => 1)).toBe(4_000);
  expect(wait(60, () => 1)).toBe(30_000);
});
