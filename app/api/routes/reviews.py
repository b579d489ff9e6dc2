"""Reviews: written by advisers, answered by researchers; what may be shown is public."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Response

from app.api.deps import Needs, ReadPool, ReadSession, Researcher, WriteSession
from app.api.problems import problems
from app.api.resource import resource
from app.api.responses import shown
from app.api.schemas.reviews import (
    PublicReview,
    PublicReviews,
    ReviewAnswerWrite,
    ReviewSubject,
    ReviewSubjects,
    ReviewWrite,
)
from app.identity.actors import Actor
from app.identity.permissions import Permission
from app.identity.roles import stands_apart
from app.research import advice, review_subjects, reviews, studies
from app.research.errors.instruments import InstrumentNotFoundError
from app.research.errors.releases import SecondPersonError
from app.research.errors.studies import ReviewNotFoundError, StudyNotFoundError

router = resource("reviews")

StudyReader = Annotated[Actor, Depends(Needs(Permission.RESEARCH_STUDIES_READ))]
Version = Annotated[int, Path(ge=1, le=10_000)]


async def adviser(
    actor: Annotated[Actor, Depends(Needs(Permission.RESEARCH_REVIEWS_WRITE))],
) -> Actor:
    """An adviser who does not work on studies as well; raises SecondPersonError."""
    if stands_apart(actor.roles):
        raise SecondPersonError("Your account works on studies. An adviser who doesn't reviews it.")
    return actor


Adviser = Annotated[Actor, Depends(adviser)]


@router.get("/reviews", response_model=ReviewSubjects)
async def list_review_subjects(actor: Adviser, pool: ReadPool) -> Response:
    """Sheets and instruments of all studies that are not closed, with what was said of them."""
    found = await review_subjects.subjects(pool)
    items = [ReviewSubject.of(one, viewer=actor.account_id) for one in found]
    return shown(ReviewSubjects(items=items))


@router.get("/reviews/public", response_model=PublicReviews)
async def list_public_reviews(pool: ReadPool) -> Response:
    """You said, we did: what advisers let everybody read, with what was done about it."""
    found = await advice.public(pool)
    return shown(PublicReviews(items=[PublicReview(**one) for one in found]))


@router.get(
    "/studies/{study_id}/reviews",
    response_model=ReviewSubjects,
    responses=problems(StudyNotFoundError),
)
async def list_study_reviews(
    study_id: UUID, reader: StudyReader, session: ReadSession, pool: ReadPool
) -> Response:
    """What advisers said of a study's sheet and of the instruments that it asks."""
    study = await studies.access(session, study_id, is_researcher=True)
    found = await review_subjects.subjects(pool, study.id)
    items = [ReviewSubject.of(one, viewer=reader.account_id) for one in found]
    return shown(ReviewSubjects(items=items))


@router.post(
    "/studies/{study_id}/sheets/{version}/reviews",
    status_code=204,
    responses=problems(StudyNotFoundError, SecondPersonError),
)
async def review_sheet(
    study_id: UUID, version: Version, body: ReviewWrite, actor: Adviser, session: WriteSession
) -> None:
    """Comment on a version of a sheet, ask for a change, or sign it off."""
    study = await studies.access(session, study_id, is_researcher=True, lock="change")
    await reviews.of_sheet(session, study, version, **body.model_dump(), by=actor.account_id)


@router.post(
    "/instruments/{name}/{version}/reviews",
    status_code=204,
    responses=problems(InstrumentNotFoundError, SecondPersonError),
)
async def review_instrument(
    name: Annotated[str, Path(max_length=40)],
    version: Version,
    body: ReviewWrite,
    actor: Adviser,
    session: WriteSession,
) -> None:
    """The same of an instrument, for every study that asks it."""
    await reviews.of_instrument(session, name, version, **body.model_dump(), by=actor.account_id)


@router.post(
    "/reviews/{review_id}/answers", status_code=204, responses=problems(ReviewNotFoundError)
)
async def answer_review(
    review_id: Annotated[int, Path(ge=1, le=2**62)],
    body: ReviewAnswerWrite,
    researcher: Researcher,
    session: WriteSession,
) -> None:
    """Say what was done about a comment."""
    review = await reviews.access(session, review_id)
    await reviews.answer(session, review, words=body.words, by=researcher.account_id)
