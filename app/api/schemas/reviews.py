"""Reviews: what advisers say of sheets, instruments and editions, and what was done about it."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field, StrictBool

from app.api.schemas.strict import Body
from app.research.review_models import ReviewKind, ReviewVerdict
from app.research.review_subjects import ReviewedSubject
from app.research.reviews import MOST_WORDS


class ReviewWrite(Body):
    """What an adviser says of a version; a sign-off may stand without words. `may_show` lets
    everybody read the words, without the adviser's name, once the team has answered."""

    verdict: ReviewVerdict
    words: str = Field(default="", max_length=MOST_WORDS)
    may_show: StrictBool = False


class ReviewAnswerWrite(Body):
    """What was done about a comment."""

    words: str = Field(min_length=1, max_length=MOST_WORDS)


class ReviewAnswerRead(BaseModel):
    """The same, as it stands."""

    words: str
    answered_at: datetime


class ReviewRead(BaseModel):
    """One comment, sign-off or wish for a change, with what was done about it."""

    id: int
    version: int
    verdict: ReviewVerdict
    words: str
    may_show: bool
    is_mine: bool
    written_at: datetime
    answers: list[ReviewAnswerRead]


class ReviewSubject(BaseModel):
    """A sheet or an instrument, with what was said of all its versions, the newest first; or an
    edition."""

    kind: ReviewKind
    study_id: UUID | None
    #: Of the instrument, or the kind of the edition.
    name: str | None
    #: Of an edition its number.
    version: int
    #: Of the study, or of the instrument.
    title: str
    edition_id: UUID | None
    #: The words of a sheet, as members read them.
    body_html: str | None
    is_signed_off: bool
    reviews: list[ReviewRead]

    @classmethod
    def of(cls, subject: ReviewedSubject, *, viewer: UUID) -> Self:
        """From the tables."""
        said = [
            ReviewRead(**{**one, "is_mine": one["written_by"] == viewer}) for one in subject.reviews
        ]
        return cls(
            kind=subject.kind,
            study_id=subject.study_id,
            name=subject.name,
            version=subject.version,
            title=subject.title,
            edition_id=subject.edition_id,
            body_html=subject.body_html,
            is_signed_off=subject.is_signed_off,
            reviews=said,
        )


class ReviewSubjects(BaseModel):
    """What is reviewed: editions first, then sheets, then instruments."""

    items: list[ReviewSubject]


class PublicReview(BaseModel):
    """What an adviser lets everybody read, and what was done about it."""

    #: Of the study, or of the instrument.
    title: str
    words: str
    answers: list[str]


class PublicReviews(BaseModel):
    """All of these, the newest first."""

    items: list[PublicReview]
