import type { ActivityKind } from '#lib/api/shapes.ts';
import type { PageLoad } from './$types';

const KINDS: ActivityKind[] = ['posts', 'replies', 'reactions'];

export const load: PageLoad = ({ url }) => ({
  kind: KINDS.find((each) => each === url.searchParams.get('kind')) ?? 'posts'
});
