import * as api from '#lib/api/index.ts';
import type { ChangeMe } from '#lib/api/shapes.ts';

export const saveProfile = (body: ChangeMe) => api.changeMe({ body });
export const changePassword = (current_password: string, new_password: string) =>
  api.changePassword({ body: { current_password, new_password } });
export const changeEmail = (password: string, email: string) =>
  api.changeEmail({ body: { password, email } });
export const readSignIns = () => api.listSessions();
export const endSignIn = (session_id: string) => api.endSession({ path: { session_id } });
export const endOtherSignIns = () => api.endOtherSessions();
export const beginSecondFactor = (password: string) =>
  api.beginSecondFactor({ body: { password } });
export const confirmSecondFactor = (code: string) => api.enrolSecondFactor({ body: { code } });
export const turnOffSecondFactor = (password: string, code: string) =>
  api.turnOffSecondFactor({ body: { password, code } });
export const closeAccount = (password: string, erase_study_data: boolean) =>
  api.closeAccount({ body: { password, erase_study_data } });
