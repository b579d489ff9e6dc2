import * as api from '#lib/api/index.ts';

export const readMember = (member_id: string) => api.readMember({ path: { member_id } });
