import * as api from '#lib/api/index.ts';
import type { ActivityKind } from '#lib/api/shapes.ts';

export const readActivity = (kind: ActivityKind, cursor: string | null) =>
  api.listMyActivity({ query: { kind, cursor } });
