"""Analysis plans as researchers write, sign and read them, and what departs from them."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field

from app.api.schemas.strict import Body
from app.research.analysis_plans import (
    LEAST_REASON,
    MEASURE_NAME,
    MOST_PRIMARY,
    MOST_REASON,
    MOST_SECONDARY,
    MOST_WORDS,
    Outline,
    PlanRecord,
    canonical,
    hash_of,
)
from app.research.plan_models import AnalysisPlan as PlanRow
from app.research.plan_models import PlanDeparture as DepartureRow
from app.research.plan_models import PlanSignature as SignatureRow

Section = Annotated[str, Field(min_length=1, max_length=MOST_WORDS)]
Reason = Annotated[str, Field(min_length=LEAST_REASON, max_length=MOST_REASON)]
MeasureName = Annotated[str, Field(max_length=41, pattern=MEASURE_NAME)]


class AnalysisPlanWrite(Body):
    """What will be asked of a study's data, and how; why, once the study has been frozen."""

    questions: Section
    primary_measures: Annotated[list[MeasureName], Field(min_length=1, max_length=MOST_PRIMARY)]
    secondary_measures: Annotated[list[MeasureName], Field(max_length=MOST_SECONDARY)]
    population: Section
    missing_answers: Section
    worthwhile_change: Section
    reason: Reason | None = None

    def outline(self) -> Outline:
        """Its sections."""
        return Outline(**self.model_dump(exclude={"reason"}))


class PlanDepartureWrite(Body):
    """What was done otherwise than the plan says, why, and with which dataset."""

    departs: Reason
    reason: Reason
    dataset_id: UUID | None = None


class PlanSignature(BaseModel):
    """Who signed a version, when, and the SHA-256 of what they read."""

    signed_by: UUID
    is_mine: bool
    signed_at: datetime
    sha256: str

    @classmethod
    def of(cls, row: SignatureRow, *, viewer: UUID) -> Self:
        """From the table."""
        kept = row.model_dump(include={"signed_by", "signed_at", "sha256"})
        return cls(**kept, is_mine=row.signed_by == viewer)


class PlanVersion(BaseModel):
    """One version, as it was written."""

    version: int
    questions: str
    primary_measures: list[str]
    secondary_measures: list[str]
    population: str
    missing_answers: str
    worthwhile_change: str
    #: Why it was written after the study was first frozen; null for a version from before that.
    reason: str | None
    written_by: UUID
    is_mine: bool
    written_at: datetime
    #: The text whose SHA-256 is signed.
    signed_text: str
    sha256: str
    signatures: list[PlanSignature]

    @classmethod
    def of(cls, row: PlanRow, signatures: list[PlanSignature], *, viewer: UUID) -> Self:
        """From the tables."""
        return cls(
            **row.model_dump(exclude={"study_id"}),
            is_mine=row.written_by == viewer,
            signed_text=canonical(row),
            sha256=hash_of(row),
            signatures=signatures,
        )


class PlanDeparture(BaseModel):
    """What was done otherwise than this version says."""

    id: UUID
    version: int
    dataset_id: UUID | None
    departs: str
    reason: str
    noted_by: UUID
    noted_at: datetime

    @classmethod
    def of(cls, row: DepartureRow) -> Self:
        """From the table."""
        return cls(**row.model_dump(exclude={"study_id"}))


class AnalysisPlanRead(BaseModel):
    """The plan of a study: its versions and what departs from them, the newest first."""

    #: Whether the study has been frozen; what is written from then on departs from the plan.
    is_frozen: bool
    #: The newest version that is signed.
    in_force: int | None
    versions: list[PlanVersion]
    departures: list[PlanDeparture]

    @classmethod
    def of(cls, record: PlanRecord, *, viewer: UUID) -> Self:
        """From all that stands on record."""
        return cls(
            is_frozen=record.is_frozen,
            in_force=record.in_force,
            versions=[
                PlanVersion.of(
                    row,
                    [
                        PlanSignature.of(one, viewer=viewer)
                        for one in record.signatures
                        if one.version == row.version
                    ],
                    viewer=viewer,
                )
                for row in record.versions
            ],
            departures=[PlanDeparture.of(row) for row in record.departures],
        )
