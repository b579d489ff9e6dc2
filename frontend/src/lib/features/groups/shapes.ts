export type {
  AreaRead,
  Attendance,
  AttendeeRead,
  Group,
  Meeting,
  MeetingPlanned
} from '#lib/api/generated/types.gen.ts';
