import { expect, it } from 'vitest';
import { figure, percentage, roughly } from './figures.ts';

it('shows thousands with a comma, and shares with their sign', () => {
  expect(figure(6531)).toBe('6,531');
  expect(figure(999)).toBe('999');
  expect(percentage(76)).toBe('76%');
  expect(roughly(0.4)).toBe('0.4');
  expect(roughly(1203)).toBe('1,203');
});
