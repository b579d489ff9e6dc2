import * as api from '#lib/api/index.ts';

export const readNews = (cursor: string | null) => api.listMyNotifications({ query: { cursor } });

export const seeNews = (until: string) => api.markNotificationsRead({ body: { until } });
