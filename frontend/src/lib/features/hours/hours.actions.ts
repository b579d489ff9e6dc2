import * as api from '#lib/api/index.ts';
import type { TeamHoursWrite } from '#lib/api/generated/types.gen.ts';

export const readHours = () => api.readTeamHours();

export const saveHours = (body: TeamHoursWrite) => api.editTeamHours({ body });

/** Who reads a worry that is sent now, or when the team is next there, in a sentence. */
export const readTeamNow = () => api.readTeamNow();
