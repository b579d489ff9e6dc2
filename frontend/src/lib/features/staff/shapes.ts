import type { Appointment } from '#lib/api/generated/types.gen.ts';

export type { StaffRead } from '#lib/api/generated/types.gen.ts';
export type { RemovalRead as Removal } from '#lib/api/generated/types.gen.ts';
export type Appointable = Appointment['role'];
