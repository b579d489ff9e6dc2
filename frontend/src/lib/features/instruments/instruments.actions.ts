import * as api from '#lib/api/index.ts';

export const readInstruments = async () => (await api.listInstruments()).items;
export const readInstrument = (name: string) => api.readInstrument({ path: { name } });
export const readPreview = (name: string, language: string, wording?: number) =>
  api.previewInstrument({ path: { name }, query: { language, wording } });
