import * as rooms from '#lib/api/rooms.ts';
import type { InvitationChoices } from './shapes.ts';

const of = (study_id: string) => ({ path: { study_id } });

export const readChoices = (study: string) => rooms.readInvitationChoices(of(study));
export const choose = (study: string, choices: InvitationChoices) =>
  rooms.chooseInvitations({ ...of(study), body: choices });
export const stopByToken = (token: string) => rooms.stopInvitations({ body: { token } });

export const readContactRequests = async (study: string) =>
  (await rooms.listContactRequests(of(study))).items;
export const answerContact = (study_id: string, request_id: string) =>
  rooms.answerContactRequest({ path: { study_id, request_id } });
