"""My data: what studies hold about the one who asks."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel

from app.api.schemas.studies import Receipt, Standing
from app.core.pages import Page
from app.research.about import AgeBand, Area, PeerSupportBefore, TenureBand
from app.research.models import ActivityKind, StudyState
from app.research.my_data import StudyData


class StudyName(BaseModel):
    """Which study."""

    id: UUID
    title: str
    state: StudyState


class AboutShown(BaseModel):
    """What I said about myself when I joined; null where I skipped."""

    age_band: AgeBand | None
    area: Area | None
    peer_support_before: PeerSupportBefore | None
    tenure_band: TenureBand | None


class Counts(BaseModel):
    """How many rows of each kind."""

    published: int
    replied: int
    reacted: int
    received: int
    read: int


class HeldByStudy(BaseModel):
    """Everything one study holds about me, in short."""

    study: StudyName
    pseudonym: str
    sheet_version: int
    consents: list[Standing]
    about: AboutShown
    counts: Counts
    text_count: int
    receipts: list[Receipt]

    @classmethod
    def of(cls, held: StudyData) -> Self:
        """From the study's records."""
        return cls(
            study=StudyName(id=held.study_id, title=held.title, state=StudyState(held.state)),
            pseudonym=held.pseudonym,
            sheet_version=held.sheet_version,
            consents=[Standing.of(one) for one in held.consents],
            about=AboutShown.model_validate(held.about),
            counts=Counts.model_validate(held.counts),
            text_count=held.text_count,
            receipts=[Receipt.of(receipt) for receipt in held.receipts],
        )


class MyData(BaseModel):
    """All studies that hold anything about me."""

    studies: list[HeldByStudy]


class MyActivity(BaseModel):
    """One row that a study holds about me, as it stands there."""

    kind: ActivityKind
    occurred_at: datetime
    day: int
    hour_band: str
    intent: str | None
    reaction: str | None
    length_band: str | None
    has_note: bool | None
    seconds: int | None


class MyText(BaseModel):
    """One text of mine that a study keeps."""

    post_id: UUID
    occurred_at: datetime
    body: str


MyActivities = Page[MyActivity]
MyTexts = Page[MyText]
