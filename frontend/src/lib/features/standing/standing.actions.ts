import * as api from '#lib/api/index.ts';

export const readMine = async () => (await api.listMySanctions()).items;

export const appealAgainst = (sanction_id: string, words: string) =>
  api.appealSanction({ path: { sanction_id }, body: { words: words.trim() || null } });
