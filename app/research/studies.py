"""Studies: drafted, opened to members, closed."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Literal
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, func, select

from app.core import clock, text
from app.research import policies, purposes, review_subjects, waves
from app.research.errors.studies import (
    BadWavesError,
    StudyNotFoundError,
    StudyNotReadyError,
    TitleTakenError,
)
from app.research.models import Purpose, Sheet, Study, StudyState
from app.research.questionnaire_models import QuestionPlan


async def create(
    session: AsyncSession,
    *,
    title: str,
    summary: str,
    asks: Collection[Purpose] = (Purpose.ACTIVITY,),
    wave_weeks: Sequence[int] = (),
    wave_days: Sequence[date] = (),
    by: UUID | None = None,
) -> Study:
    """Draft a study that asks for these purposes, with its waves if it has any; raises
    TitleTakenError or BadWavesError."""
    study = Study(
        title=text.clean_line(title, limit=200, pointer="/title"),
        summary=text.clean(summary, limit=2_000, pointer="/summary"),
        created_at=clock.now(),
        created_by=by,
    )
    session.add(study)
    try:
        await session.flush()
    except IntegrityError as error:
        raise TitleTakenError from error
    await purposes.ask(session, study.id, asks)
    if wave_weeks and wave_days:
        raise BadWavesError("Waves come by weeks or by days, not by both.", pointer="/wave_days")
    await waves.plan(session, study.id, wave_weeks)
    await waves.plan_days(session, study.id, wave_days)
    return study


async def access(
    session: AsyncSession,
    study_id: UUID,
    *,
    is_researcher: bool,
    lock: Literal["join", "change"] | None = None,
) -> Study:
    """The study, if whoever asks may know of it; raises StudyNotFoundError.

    `join` keeps it from changing while people join it side by side; `change` is for the one who
    changes it.
    """
    query = select(Study).where(col(Study.id) == study_id)
    if lock is not None:
        query = query.with_for_update(read=lock == "join")
    study = (await session.execute(query)).scalar_one_or_none()
    if study is None or not policies.can_see(study, is_researcher=is_researcher):
        raise StudyNotFoundError
    return study


async def list_(session: AsyncSession) -> list[Study]:
    """All studies, the newest first."""
    query = select(Study).order_by(col(Study.created_at).desc(), col(Study.id).desc())
    return list((await session.execute(query)).scalars())


async def named(session: AsyncSession, name: str) -> Study:
    """The study with this id or title; raises StudyNotFoundError."""
    try:
        wanted = col(Study.id) == UUID(name)
    except ValueError:
        wanted = func.lower(col(Study.title)) == name.strip().lower()
    study = (await session.execute(select(Study).where(wanted))).scalars().first()
    if study is None:
        raise StudyNotFoundError(f"There is no study with the id or title “{name}”.")
    return study


async def open_(session: AsyncSession, study: Study) -> Study:
    """Let members read the sheet and join. `study` must be locked. Raises StudyNotReadyError, and
    NotSignedOffError until an adviser has signed off what they will read."""
    policies.can_open(
        study,
        asks=await purposes.of_study(session, study.id),
        has_sheet=await session.get(Sheet, (study.id, 1)) is not None,
        has_questions=await session.get(QuestionPlan, study.id) is not None,
    ).enforce(StudyNotReadyError)
    await review_subjects.require_signed_off(session, study.id)
    study.state, study.opened_at = StudyState.OPEN, clock.now()
    await session.flush()
    return study


async def close(session: AsyncSession, study: Study) -> Study:
    """End it: nobody joins any more and nothing more is recorded. `study` must be locked."""
    policies.can_close(study).enforce(StudyNotReadyError)
    study.state, study.closed_at = StudyState.CLOSED, clock.now()
    await session.flush()
    return study
