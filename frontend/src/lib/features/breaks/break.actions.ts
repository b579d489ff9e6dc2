import * as api from '#lib/api/index.ts';
import type { BreakLength } from '#lib/api/shapes.ts';

export const takeBreak = (length: BreakLength) => api.takeBreak({ body: { length } });
export const endBreak = () => api.endBreak();
