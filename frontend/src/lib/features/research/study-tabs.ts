import type { Permission } from '#lib/api/shapes.ts';
import type { StudyTab } from './words.ts';

type Page = { tab: StudyTab; path: string; label: string; needs?: Permission };
type Group = { label: string; pages: Page[] };

/** The pages of a study, in groups, in the order in which a study comes to them. */
const GROUPS: Group[] = [
  {
    label: 'Study',
    pages: [
      { tab: 'overview', path: '', label: 'People and state' },
      { tab: 'sheet', path: '/sheet', label: 'Information sheet' },
      { tab: 'questionnaires', path: '/questionnaires', label: 'Questionnaires' },
      { tab: 'advice', path: '/advice', label: 'Advice' },
      { tab: 'plan', path: '/plan', label: 'Analysis plan' }
    ]
  },
  {
    label: 'People',
    pages: [
      { tab: 'by-hand', path: '/by-hand', label: 'By hand', needs: 'research:responses:enter' },
      { tab: 'contact', path: '/contact', label: 'Contact', needs: 'research:contact:answer' }
    ]
  },
  {
    label: 'Data',
    pages: [
      { tab: 'questions', path: '/questions', label: 'Ask' },
      { tab: 'datasets', path: '/datasets', label: 'Datasets' },
      { tab: 'measures', path: '/measures', label: 'Measures' },
      { tab: 'releases', path: '/releases', label: 'Releases' }
    ]
  },
  {
    label: 'Reports',
    pages: [
      { tab: 'reports', path: '/reports', label: 'Editions' },
      { tab: 'project-page', path: '/project-page', label: 'Public page' }
    ]
  }
];

export type Tab = { href: string; label: string; isHere: boolean };

/** A row of groups, each leading to its first page, and the pages of the group that one is in;
 * without what the person may not do. */
export function studyTabs(id: string, at: StudyTab, can: (permission: Permission) => boolean) {
  const address = ({ path }: Page) => `/research/studies/${id}${path}`;
  const groups = GROUPS.map(({ label, pages }) => ({
    label,
    pages: pages.filter(({ needs }) => needs === undefined || can(needs))
  })).filter(({ pages }) => pages.length > 0);
  const here = groups.find(({ pages }) => pages.some(({ tab }) => tab === at));
  return {
    groups: groups.map((group): Tab => ({
      href: address(group.pages[0]!),
      label: group.label,
      isHere: group === here
    })),
    label: here?.label ?? '',
    pages: (here?.pages ?? []).map((page): Tab => ({
      href: address(page),
      label: page.label,
      isHere: page.tab === at
    }))
  };
}
