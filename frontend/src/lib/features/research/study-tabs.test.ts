import { expect, it } from 'vitest';
import { studyTabs } from './study-tabs.ts';

const labels = (tabs: { label: string }[]) => tabs.map(({ label }) => label);
const here = (tabs: { label: string; isHere: boolean }[]) =>
  labels(tabs.filter(({ isHere }) => isHere));

it('shows the groups and the pages of the one that a page is in', () => {
  const found = studyTabs('s1', 'measures', () => true);
  expect(labels(found.groups)).toEqual(['Study', 'People', 'Data', 'Reports']);
  expect(here(found.groups)).toEqual(['Data']);
  expect(labels(found.pages)).toEqual(['Ask', 'Datasets', 'Measures', 'Releases']);
  expect(here(found.pages)).toEqual(['Measures']);
  expect(found.groups.map(({ href }) => href)).toEqual([
    '/research/studies/s1',
    '/research/studies/s1/by-hand',
    '/research/studies/s1/questions',
    '/research/studies/s1/reports'
  ]);
});

it('leads to what the person may do, and leaves out a group of which that is nothing', () => {
  const some = studyTabs('s1', 'overview', (one) => one === 'research:contact:answer');
  expect(some.groups[1]).toEqual({
    href: '/research/studies/s1/contact',
    label: 'People',
    isHere: false
  });
  const none = studyTabs('s1', 'project-page', () => false);
  expect(labels(none.groups)).toEqual(['Study', 'Data', 'Reports']);
  expect(here(none.pages)).toEqual(['Public page']);
});
