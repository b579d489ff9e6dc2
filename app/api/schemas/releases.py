"""What may leave: agreements, requests for release, and what was decided."""

from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, Field

from app.api.schemas.strict import Body, Day
from app.research.release_models import DataAgreement as AgreementRow
from app.research.release_models import Decided, Released, ReleaseRequest
from app.research.release_models import ReleaseDecision as DecisionRow


class EarlyFreezeWrite(Body):
    """Why a study may be frozen again within 28 days."""

    reason: str = Field(min_length=10, max_length=500)


class AgreementWrite(Body):
    """A signed agreement: who may hold rows of single acts, for what, and until when."""

    recipient: str = Field(min_length=3, max_length=200)
    aim: str = Field(min_length=10, max_length=1_000)
    ends_on: Day


class Agreement(BaseModel):
    """The same as it stands on the ledger."""

    id: UUID
    recipient: str
    aim: str
    ends_on: date
    made_at: datetime

    @classmethod
    def of(cls, row: AgreementRow) -> Self:
        """From the ledger."""
        return cls(
            id=row.id,
            recipient=row.recipient,
            aim=row.aim,
            ends_on=row.ends_on,
            made_at=row.made_at,
        )


class Agreements(BaseModel):
    """The agreements of a study, the newest first."""

    items: list[Agreement]


class ReleaseWrite(Body):
    """What is asked to leave, and why; rows of acts name their agreement."""

    file: Released
    agreement_id: UUID | None = None
    note: str = Field(default="", max_length=1_000)


class DecisionWrite(Body):
    """What a checker decides, in words."""

    decision: Decided
    note: str = Field(min_length=3, max_length=1_000)


class ReleaseDecision(BaseModel):
    """What was decided, and what the attacks had found."""

    decision: Decided
    note: str
    decided_at: datetime
    attack: dict[str, Any]


class Release(BaseModel):
    """A request for release with what was decided; null while it waits."""

    id: UUID
    dataset_id: UUID
    file: Released
    agreement_id: UUID | None
    note: str
    is_mine: bool
    requested_at: datetime
    decision: ReleaseDecision | None

    @classmethod
    def of(cls, request: ReleaseRequest, decided: DecisionRow | None, *, viewer: UUID) -> Self:
        """From the ledger."""
        return cls(
            id=request.id,
            dataset_id=request.dataset_id,
            file=Released(request.file),
            agreement_id=request.agreement_id,
            note=request.note,
            is_mine=request.requested_by == viewer,
            requested_at=request.requested_at,
            decision=None
            if decided is None
            else ReleaseDecision(
                decision=Decided(decided.decision),
                note=decided.note,
                decided_at=decided.decided_at,
                attack=decided.attack,
            ),
        )


class Releases(BaseModel):
    """The requests of a study, the newest first."""

    items: list[Release]
