import * as api from '#lib/api/index.ts';
import type { Attendee } from './ticks.svelte.ts';
import type { MeetingPlanned } from './shapes.ts';

/** Where to look: everywhere, online, or in one area. */
export type Where = 'all' | 'online' | (string & {});

export const readAreas = async () => (await api.listAreas()).items;

export const readOwnGroups = async () => (await api.listMyGroups()).items;

export const readOwnAttendances = (cursor: string | null) =>
  api.listMyAttendances({ query: { cursor } });

export const readGroups = (where: Where, cursor: string | null) =>
  api.listGroups({
    query: {
      ...(where === 'all' ? {} : where === 'online' ? { online: true } : { area_id: where }),
      cursor
    }
  });

export const readGroup = (group_id: string) => api.readGroup({ path: { group_id } });

export const joinGroup = (group_id: string) => api.joinGroup({ path: { group_id } });

export const leaveGroup = (group_id: string) => api.leaveGroup({ path: { group_id } });

export const readMeetings = (group_id: string, cursor: string | null) =>
  api.listMeetings({ path: { group_id }, query: { cursor } });

export const planMeetings = (group_id: string, body: MeetingPlanned) =>
  api.planMeetings({ path: { group_id }, body });

export const cancelMeeting = (meeting_id: string) => api.cancelMeeting({ path: { meeting_id } });

export const giveCode = async (group_id: string) =>
  (await api.giveCode({ path: { group_id } })).code;

export const readAttendance = (meeting_id: string) => api.readAttendance({ path: { meeting_id } });

export const addCode = async (meeting_id: string, code: string) =>
  (await api.recordCode({ path: { meeting_id, code } })).code;

export const countOthers = (meeting_id: string, count: number) =>
  api.countOthers({ path: { meeting_id }, body: { count } });

/** Put someone on the list, or take them off it. */
export async function sendTick(meeting_id: string, who: Attendee, isHere: boolean): Promise<void> {
  if (who.member_id !== null) {
    const path = { meeting_id, member_id: who.member_id };
    await (isHere ? api.recordMember({ path }) : api.takeMemberOff({ path }));
  } else if (who.code !== null) {
    const path = { meeting_id, code: who.code };
    await (isHere ? api.recordCode({ path }) : api.takeCodeOff({ path }));
  }
}
