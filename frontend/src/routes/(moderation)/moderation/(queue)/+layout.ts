import { stateFrom } from '#lib/features/moderation/hrefs.ts';
import type { LayoutLoad } from './$types';

export const load: LayoutLoad = ({ url }) => ({ kind: stateFrom(url.searchParams.get('show')) });
