import * as api from '#lib/api/index.ts';

export const readThread = (thread_id: string, cursor: string | null = null) =>
  api.readThread({ path: { thread_id }, query: { cursor } });

export const seeThread = (thread_id: string, post_id: string) =>
  api.markThreadRead({ path: { thread_id }, body: { post_id } });
