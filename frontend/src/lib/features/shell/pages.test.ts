import { expect, it } from 'vitest';
import { PUBLIC_PAGES } from './public-pages.ts';
import { titleOf } from './titles.ts';

const routes = Object.keys(import.meta.glob('/src/routes/**/+page.svelte')).map((file) =>
  file.slice('/src/routes'.length, -'/+page.svelte'.length)
);
const isRoom = (route: string) => /^\/\((?!public\))/.test(route);

it('knows every page that is whole as it is served', () => {
  const whole = routes.filter((route) => !isRoom(route));
  const paths = whole.map((route) => route.replace('/(public)', '') || '/');
  expect([...PUBLIC_PAGES].sort()).toEqual(paths.sort());
});

it.each(routes.filter(isRoom))('has a title before a script runs: %s', (route) => {
  expect(titleOf(route)).toMatch(/^.+ · Alongside$/);
});

it('says no more than the name of the house where it does not know', () => {
  expect(titleOf(null)).toBe('Alongside');
});
