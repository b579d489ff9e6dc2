"""Editions of a report: their kinds, the figures a text can name, what was made and decided."""

from collections.abc import Mapping
from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from app.api.schemas.evaluations import FoundPart
from app.api.schemas.reviews import ReviewRead
from app.api.schemas.strict import Body
from app.research.documents import catalogue
from app.research.documents.edition_kinds import EditionKind
from app.research.documents.figures import ReportFigure
from app.research.edition_models import EditionState, FileName
from app.research.editions import EditionRecord, EditionStepKind
from app.research.release_models import Decided


class DeclaredSection(BaseModel):
    """A part of an edition that a researcher writes."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    title: str
    #: What belongs in it.
    hint: str
    #: What it may be at most, where pages are counted; 0 is as long as it takes.
    most_words: int


class DeclaredEdition(BaseModel):
    """A kind of edition, and which sections are written for it."""

    model_config = ConfigDict(from_attributes=True)

    kind: EditionKind
    title: str
    for_whom: str
    sections: list[DeclaredSection]


class DeclaredEditions(BaseModel):
    """Every kind, in the order in which they were built."""

    items: list[DeclaredEdition]

    @classmethod
    def now(cls) -> Self:
        """From the catalogue."""
        return cls(items=[DeclaredEdition.model_validate(one) for one in catalogue.ALL])


class NamedFigure(BaseModel):
    """A part of what may be told to everybody, which a text names as `[[name]]`."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    measure: str
    label: str
    kind: str
    #: The number as words, "" where it is none.
    inline: str
    sentence: str
    #: The same as a table.
    part: FoundPart


class NamedFigures(BaseModel):
    """All figures of a dataset, in the order of its measures."""

    items: list[NamedFigure]

    @classmethod
    def of(cls, found: Mapping[str, ReportFigure]) -> Self:
        """From what everybody may see."""
        return cls(items=[NamedFigure.model_validate(one) for one in found.values()])


class EditionAsked(Body):
    """Which edition is to be made, of which dataset."""

    kind: EditionKind
    dataset_id: UUID


class EditionFileRead(BaseModel):
    """One of its files."""

    name: FileName
    byte_size: int
    sha256: str


class EditionDecisionRead(BaseModel):
    """What a checker decided."""

    decision: Decided
    note: str
    decided_at: datetime


class EditionStepRead(BaseModel):
    """Something that happened to an edition. `note` is what was said with it, or ""."""

    model_config = ConfigDict(from_attributes=True)

    what: EditionStepKind
    at: datetime
    note: str


class EditionRead(BaseModel):
    """An edition with all that stands on record of it; its steps come oldest first."""

    id: UUID
    study_id: UUID
    number: int
    kind: EditionKind
    title: str
    dataset_id: UUID
    dataset_number: int
    #: Null where nobody had written a text.
    text_version: int | None
    software_version: str
    state: EditionState
    #: So many parts of so many are made.
    done: int
    of: int
    #: Why there is none, or "".
    why: str
    made_at: datetime
    ended_at: datetime | None
    is_mine: bool
    files: list[EditionFileRead]
    reviews: list[ReviewRead]
    is_signed_off: bool
    decision: EditionDecisionRead | None
    steps: list[EditionStepRead]

    @classmethod
    def from_record(cls, record: EditionRecord, *, viewer: UUID) -> Self:
        """From the tables."""
        row, decided = record.edition, record.decision
        return cls(
            **row.model_dump(include=set(cls.model_fields) - {"kind", "state"}),
            kind=EditionKind(row.kind),
            state=EditionState(row.state),
            title=catalogue.find(EditionKind(row.kind)).title,
            dataset_number=record.dataset_number,
            of=row.parts,
            is_mine=row.made_by == viewer,
            files=[
                EditionFileRead(name=FileName(name), byte_size=size, sha256=sha256)
                for name, size, sha256 in record.files
            ],
            reviews=[
                ReviewRead(**{**one, "is_mine": one["written_by"] == viewer})
                for one in record.reviews
            ],
            is_signed_off=record.is_signed_off,
            decision=None
            if decided is None
            else EditionDecisionRead(
                decision=Decided(decided.decision),
                note=decided.note,
                decided_at=decided.decided_at,
            ),
            steps=[EditionStepRead.model_validate(one) for one in record.steps],
        )


class Editions(BaseModel):
    """The editions of a study, the newest first."""

    items: list[EditionRead]
