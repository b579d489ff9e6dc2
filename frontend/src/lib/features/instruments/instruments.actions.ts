import * as rooms from '#lib/api/rooms.ts';

export const readInstruments = async () => (await rooms.listInstruments()).items;
export const readInstrument = (name: string) => rooms.readInstrument({ path: { name } });
export const readPreview = (name: string, language: string, wording?: number) =>
  rooms.previewInstrument({ path: { name }, query: { language, wording } });
