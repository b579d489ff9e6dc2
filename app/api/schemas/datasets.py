"""Frozen datasets and the log of who pulled them."""

from datetime import datetime
from typing import Literal, Self
from uuid import UUID

from pydantic import BaseModel

from app.research.dataset_models import Dataset as DatasetRow
from app.research.dataset_models import Pull as PullRow


class Recoded(BaseModel):
    """For how many people an answer was withheld in a column."""

    column: str
    people: int


class Disclosure(BaseModel):
    """What disclosure control did: each combination is shared by at least k people."""

    k: int
    smallest_class: int
    recoded: list[Recoded]


class Dataset(BaseModel):
    """A frozen cut. Closed once someone in it has been erased: then it can't be pulled."""

    id: UUID
    study_id: UUID
    number: int
    frozen_at: datetime
    participants: int
    activities: int | None
    ties: int | None
    sha256: str | None
    sheet_versions: list[int]
    disclosure: Disclosure
    state: Literal["open", "closed"]
    closed_at: datetime | None

    @classmethod
    def of(cls, row: DatasetRow) -> Self:
        """From the table."""
        counts = row.row_counts or {}
        return cls(
            id=row.id,
            study_id=row.study_id,
            number=row.number,
            frozen_at=row.frozen_at,
            participants=row.participant_count,
            activities=counts.get("activities"),
            ties=counts.get("ties"),
            sha256=row.sha256,
            sheet_versions=row.sheet_versions,
            disclosure=Disclosure.model_validate(row.disclosure),
            state="open" if row.closed_at is None else "closed",
            closed_at=row.closed_at,
        )


class Datasets(BaseModel):
    """A study's datasets, the newest first."""

    items: list[Dataset]


class Pull(BaseModel):
    """Someone pulled a dataset, or a file of it."""

    pulled_at: datetime
    by: str
    how: Literal["screen", "command_line"]
    what: str
    format: str

    @classmethod
    def of(cls, row: PullRow) -> Self:
        """From the log: an account's id, or the name at the command line."""
        return cls(
            pulled_at=row.pulled_at,
            by=str(row.pulled_by or row.operator),
            how="screen" if row.how == "screen" else "command_line",
            what=row.what,
            format=row.format,
        )


class Pulls(BaseModel):
    """The log of one dataset, the newest first."""

    items: list[Pull]
