import { Problem } from '#lib/api/index.ts';
import * as rooms from '#lib/api/rooms.ts';
import type { ProjectPageWrite } from './shapes.ts';

export const readProjects = async () => (await rooms.listProjects()).items;
export const readProject = (id: string) => rooms.readProject({ path: { study_id: id } });

export const readPage = (id: string) => rooms.readProjectPage({ path: { study_id: id } });
export const writePage = (id: string, body: ProjectPageWrite) =>
  rooms.writeProjectPage({ path: { study_id: id }, body });

/** What everybody can read already; nothing where the study has no public page yet. */
export async function readReleased(id: string) {
  try {
    return (await readProject(id)).editions;
  } catch (thrown) {
    const problem = Problem.of(thrown);
    if (problem.status === 404) return [];
    throw problem;
  }
}
