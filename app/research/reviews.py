"""Reviews: advisers comment on sheets, instruments and editions and sign them off; the team says
what it did.

An instrument is signed off once for the whole installation, a sheet in each version, an edition by
its number.
"""

from dataclasses import asdict, dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock, text
from app.research import edition_texts
from app.research.edition_models import Edition, EditionState
from app.research.errors.editions import EditionNotReadyError
from app.research.errors.releases import SecondPersonError
from app.research.errors.studies import ReviewNotFoundError, StudyNotFoundError
from app.research.instruments import wording_access
from app.research.models import Sheet, Study
from app.research.review_models import AdviserReview, ReviewAnswer, ReviewKind, ReviewVerdict

MOST_WORDS: Final = 2_000


async def of_sheet(
    session: AsyncSession,
    study: Study,
    version: int,
    *,
    verdict: ReviewVerdict,
    words: str = "",
    may_show: bool = False,
    by: UUID,
) -> AdviserReview:
    """Say something of a version of a sheet. Signed off, it may come into force: `study` must be
    locked, so that nobody joins meanwhile. Raises StudyNotFoundError or SecondPersonError."""
    sheet = await session.get(Sheet, (study.id, version))
    if sheet is None:
        raise StudyNotFoundError("There is no such version of the sheet.")
    if sheet.published_by == by:
        raise SecondPersonError("You wrote this sheet. Someone else reviews it.")
    subject = _Subject(ReviewKind.SHEET, version, study_id=study.id)
    return await _keep(session, subject, verdict, words, may_show=may_show, by=by)


async def of_instrument(
    session: AsyncSession,
    name: str,
    version: int,
    *,
    verdict: ReviewVerdict,
    words: str = "",
    may_show: bool = False,
    by: UUID,
) -> AdviserReview:
    """Say something of an instrument; raises InstrumentNotFoundError."""
    wording_access.find(name, version)
    subject = _Subject(ReviewKind.INSTRUMENT, version, name=name)
    return await _keep(session, subject, verdict, words, may_show=may_show, by=by)


async def of_edition(
    session: AsyncSession,
    edition: Edition,
    *,
    verdict: ReviewVerdict,
    words: str = "",
    may_show: bool = False,
    by: UUID,
) -> AdviserReview:
    """Say something of an edition, which is locked. Raises EditionNotReadyError or
    SecondPersonError."""
    if edition.state != EditionState.READY:
        raise EditionNotReadyError
    if await edition_texts.has_part_in(session, edition, by):
        raise SecondPersonError("You made this edition or wrote its text. Someone else reviews it.")
    subject = _Subject(ReviewKind.EDITION, edition.number, study_id=edition.study_id)
    return await _keep(session, subject, verdict, words, may_show=may_show, by=by)


@dataclass(frozen=True, slots=True)
class _Subject:
    kind: ReviewKind
    version: int
    study_id: UUID | None = None
    name: str | None = None


async def _keep(
    session: AsyncSession,
    subject: _Subject,
    verdict: ReviewVerdict,
    words: str,
    *,
    may_show: bool,
    by: UUID,
) -> AdviserReview:
    review = AdviserReview(
        **asdict(subject),
        verdict=verdict,
        words=_said(words, verdict),
        may_show=may_show and bool(words.strip()),
        written_by=by,
        written_at=clock.now(),
    )
    session.add(review)
    await session.flush()
    return review


async def access(session: AsyncSession, review_id: int) -> AdviserReview:
    """What an adviser said in words; raises ReviewNotFoundError."""
    review = await session.get(AdviserReview, review_id)
    if review is None or not review.words:
        raise ReviewNotFoundError
    return review


async def answer(
    session: AsyncSession, review: AdviserReview, *, words: str, by: UUID
) -> ReviewAnswer:
    """Say what was done about it."""
    made = ReviewAnswer(
        review_id=review.id,
        words=text.clean(words, limit=MOST_WORDS, pointer="/words"),
        answered_by=by,
        answered_at=clock.now(),
    )
    session.add(made)
    await session.flush()
    return made


def _said(words: str, verdict: ReviewVerdict) -> str:
    """A sign-off may stand without words; all else says something."""
    if verdict is ReviewVerdict.SIGNED_OFF and not words.strip():
        return ""
    return text.clean(words, limit=MOST_WORDS, pointer="/words")
