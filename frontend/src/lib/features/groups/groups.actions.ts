import * as rooms from '#lib/api/rooms.ts';
import type { Attendee } from './ticks.svelte.ts';
import type { MeetingPlanned } from './shapes.ts';

/** Where to look: everywhere, online, or in one area. */
export type Where = 'all' | 'online' | (string & {});

export const readAreas = async () => (await rooms.listAreas()).items;

export const readOwnGroups = async () => (await rooms.listMyGroups()).items;

export const readOwnAttendances = (cursor: string | null) =>
  rooms.listMyAttendances({ query: { cursor } });

export const readGroups = (where: Where, cursor: string | null) =>
  rooms.listGroups({
    query: {
      ...(where === 'all' ? {} : where === 'online' ? { online: true } : { area_id: where }),
      cursor
    }
  });

export const readGroup = (group_id: string) => rooms.readGroup({ path: { group_id } });

export const joinGroup = (group_id: string) => rooms.joinGroup({ path: { group_id } });

export const leaveGroup = (group_id: string) => rooms.leaveGroup({ path: { group_id } });

export const readMeetings = (group_id: string, cursor: string | null) =>
  rooms.listMeetings({ path: { group_id }, query: { cursor } });

export const planMeetings = (group_id: string, body: MeetingPlanned) =>
  rooms.planMeetings({ path: { group_id }, body });

export const cancelMeeting = (meeting_id: string) => rooms.cancelMeeting({ path: { meeting_id } });

export const giveCode = async (group_id: string) =>
  (await rooms.giveCode({ path: { group_id } })).code;

export const readAttendance = (meeting_id: string) =>
  rooms.readAttendance({ path: { meeting_id } });

export const addCode = async (meeting_id: string, code: string) =>
  (await rooms.recordCode({ path: { meeting_id, code } })).code;

export const countOthers = (meeting_id: string, count: number) =>
  rooms.countOthers({ path: { meeting_id }, body: { count } });

/** Put someone on the list, or take them off it. */
export async function sendTick(meeting_id: string, who: Attendee, isHere: boolean): Promise<void> {
  if (who.member_id !== null) {
    const path = { meeting_id, member_id: who.member_id };
    await (isHere ? rooms.recordMember({ path }) : rooms.takeMemberOff({ path }));
  } else if (who.code !== null) {
    const path = { meeting_id, code: who.code };
    await (isHere ? rooms.recordCode({ path }) : rooms.takeCodeOff({ path }));
  }
}
