export type {
  LicenceRead as Licence,
  LicenceWrite,
  WordingWrite
} from '#lib/api/generated/types.gen.ts';
