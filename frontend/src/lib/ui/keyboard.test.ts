import { expect, it } from 'vitest';
import { covered } from './keyboard.ts';

it.each([
  ['nothing', { height: 640, offsetTop: 0, scale: 1 }, 0],
  ['a keyboard over the page', { height: 360, offsetTop: 0, scale: 1 }, 280],
  ['a keyboard, and the page moved up behind it', { height: 360, offsetTop: 120, scale: 1 }, 160],
  ['a page moved up for all of it', { height: 360, offsetTop: 300, scale: 1 }, 0],
  ['a page made larger with two fingers', { height: 320, offsetTop: 100, scale: 2 }, 0]
])('%s covers as much of the page as it takes', (_, seen, px) => {
  expect(covered(640, seen)).toBe(px);
});
