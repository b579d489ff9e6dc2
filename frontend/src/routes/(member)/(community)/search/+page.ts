import type { PageLoad } from './$types';

export const load: PageLoad = ({ url }) => ({ q: url.searchParams.get('q')?.trim() ?? '' });
