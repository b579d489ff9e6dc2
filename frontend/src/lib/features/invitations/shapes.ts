export type {
  ContactWantedRead,
  InvitationChoices,
  PartOfDay
} from '#lib/api/generated/types.gen.ts';
