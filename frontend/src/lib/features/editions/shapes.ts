export type {
  Decided,
  DeclaredEdition as EditionKindRead,
  EditionFileRead as EditionFile,
  EditionKind,
  EditionRead as Edition,
  EditionTextLine as NewestText,
  EditionTextRead as EditionText,
  EditionTextVersion as TextVersion,
  EditionTextWrite,
  EditionStepKind,
  NamedFigure as FigureRead
} from '#lib/api/generated/types.gen.ts';
