/** What each page's own file says its title is. Read while the site is built, never in a browser. */
const PAGES = import.meta.glob<string>('/src/routes/**/+page.svelte', {
  query: '?raw',
  import: 'default',
  eager: true
});

const OWN = /<PageHead\s+title="([^"{]+)"/g;

/** Pages whose heading only their reader's browser learns: what they are, until it has. */
const UNTIL_READ: Record<string, string> = {
  '/(member)/(community)/groups/[id]': 'A group',
  '/(member)/(community)/groups/[id]/meetings': 'A group',
  '/(member)/(community)/meetings/[id]': 'Who is here',
  '/(administration)/licences/[name]': 'A licence',
  '/(member)/(community)/members/[id]': 'A member',
  '/(member)/(community)/threads/[id]': 'A thread',
  '/(member)/(community)/write': 'Write to the wall',
  '/(member)/me': 'Me',
  '/(member)/questionnaires/[id]': 'Questions',
  '/(member)/studies/[id]': 'A study',
  '/(moderation)/moderation/(queue)': "Moderators' room",
  '/(moderation)/moderation/(queue)/cases/[id]': "Moderators' room",
  '/(moderation)/moderation/(queue)/batches/[id]': "Moderators' room",
  '/(research)/research/instruments/[name]': 'An instrument',
  '/(research)/research/instruments/[name]/preview': 'A preview',
  '/(research)/research/studies/[id]': 'A study',
  '/(research)/research/studies/[id]/advice': 'A study',
  '/(research)/research/studies/[id]/by-hand': 'A study',
  '/(research)/research/studies/[id]/contact': 'A study',
  '/(research)/research/studies/[id]/datasets': 'A study',
  '/(research)/research/studies/[id]/measures': 'A study',
  '/(research)/research/studies/[id]/plan': 'A study',
  '/(research)/research/studies/[id]/project-page': 'A study',
  '/(research)/research/studies/[id]/questionnaires': 'A study',
  '/(research)/research/studies/[id]/questions': 'A study',
  '/(research)/research/studies/[id]/releases': 'A study',
  '/(research)/research/studies/[id]/reports': 'A study',
  '/(research)/research/studies/[id]/reports/[kind]': 'A study',
  '/(research)/research/studies/[id]/sheet': 'A study'
};

/** The title that a page of the application has before a script runs: true, and mostly its last. */
export function titleOf(route: string | null): string {
  const source = PAGES[`/src/routes${route}/+page.svelte`] ?? '';
  const [own, ...others] = [...source.matchAll(OWN)].map(([, title]) => title);
  const title = UNTIL_READ[route ?? ''] ?? (others.length ? undefined : own);
  return title ? `${title} · Alongside` : 'Alongside';
}
