import * as api from '#lib/api/index.ts';

export const search = (q: string, cursor: string | null) => api.search({ query: { q, cursor } });
