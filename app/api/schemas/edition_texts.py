"""What researchers write for an edition, in versions."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field

from app.api.schemas.strict import Body
from app.research.documents.edition_kinds import EditionKind
from app.research.edition_models import EditionText
from app.research.edition_texts import MOST_WORDS


class EditionTextWrite(Body):
    """The next version, the one it is based on (0 for none), and the dataset whose figures its
    names are checked against."""

    based_on: Annotated[int, Field(ge=0, le=10_000, strict=True)]
    sections: Annotated[
        dict[
            Annotated[str, Field(max_length=40)],
            Annotated[str, Field(max_length=MOST_WORDS)],
        ],
        Field(max_length=40),
    ]
    dataset_id: UUID


class EditionTextVersion(BaseModel):
    """That a version was written."""

    version: int
    written_at: datetime
    is_mine: bool

    @classmethod
    def of(cls, row: EditionText, *, viewer: UUID) -> Self:
        """From the table."""
        return cls(version=row.version, written_at=row.written_at, is_mine=row.written_by == viewer)


class EditionTextRead(BaseModel):
    """A version of a text, with the list of all, the newest first. Version 0: none was written."""

    kind: EditionKind
    version: int
    sections: dict[str, str]
    written_at: datetime | None
    versions: list[EditionTextVersion]

    @classmethod
    def of(
        cls, kind: EditionKind, read: EditionText | None, all_: list[EditionText], *, viewer: UUID
    ) -> Self:
        """From the table."""
        return cls(
            kind=kind,
            version=0 if read is None else read.version,
            sections={} if read is None else read.sections,
            written_at=None if read is None else read.written_at,
            versions=[EditionTextVersion.of(one, viewer=viewer) for one in all_],
        )


class EditionTextLine(BaseModel):
    """The newest version of a kind's text, without its words."""

    kind: EditionKind
    version: int
    written_at: datetime


class EditionTextLines(BaseModel):
    """Each kind that has a text, in the order of the kinds."""

    items: list[EditionTextLine]
