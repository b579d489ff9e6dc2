import * as api from '#lib/api/index.ts';
import type { Register, SignIn } from '#lib/api/shapes.ts';
import { forget } from './last-known.ts';

export const join = (body: Register) => api.register({ body });
export const verify = (token: string) => api.verifyAddress({ body: { token } });
export const sendVerificationAgain = (email: string) =>
  api.sendVerificationAgain({ body: { email } });
export const signIn = (body: SignIn) => api.signIn({ body });
export async function signOut() {
  await api.signOut();
  forget();
}
export const askForReset = (email: string) => api.askForPasswordReset({ body: { email } });
export const readReset = (token: string) => api.readPasswordReset({ body: { token } });
export const resetPassword = (token: string, password: string) =>
  api.resetPassword({ body: { token, password } });
export const confirmEmail = (token: string) => api.confirmEmail({ body: { token } });
export const readMe = () => api.readMe();
