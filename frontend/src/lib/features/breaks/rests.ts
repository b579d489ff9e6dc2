/** What a break is from: where others write, and one's own door to it. */
const COMMUNITY = ['wall', 'threads', 'search', 'write', 'news', 'members', 'activity', 'me'];

/** Settings, studies and My data stay open on a break: what one agreed to can be taken back at any time. */
export const isOfCommunity = (path: string) => COMMUNITY.includes(path.split('/')[1] ?? '');
