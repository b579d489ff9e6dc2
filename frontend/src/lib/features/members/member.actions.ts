import * as api from '#lib/api/index.ts';

export const readMember = (member_id: string) => api.readMember({ path: { member_id } });

export const readBlocks = () => api.listMyBlocks();

export type KeepingAway = 'mute' | 'block';

export const keepAway = (member_id: string, how: KeepingAway) => {
  const path = { member_id };
  return how === 'mute' ? api.muteMember({ path }) : api.blockMember({ path });
};

export const letBack = (member_id: string, how: KeepingAway) => {
  const path = { member_id };
  return how === 'mute' ? api.unmuteMember({ path }) : api.unblockMember({ path });
};
