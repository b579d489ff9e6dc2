"""Editions: asked for of a frozen dataset, followed, cancelled and read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from psycopg.rows import dict_row
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, func, select

from app.core import clock, db, queue
from app.research import datasets, edition_figures, edition_texts, outside_results, review_subjects
from app.research.dataset_models import Dataset
from app.research.documents.edition_kinds import EditionKind
from app.research.edition_models import (
    Edition,
    EditionDecision,
    EditionFile,
    EditionState,
    EditionStep,
    FileName,
)
from app.research.errors.datasets import DatasetClosedError, DatasetNotFoundError
from app.research.errors.editions import EditionNotFoundError
from app.research.models import Study

#: The job that makes one.
TASK: Final = "research:make_edition"

_RECORDS: Final = """
    SELECT e.id, d.number AS dataset_number,
      research.is_signed_off('edition', e.study_id, NULL, e.number) AS is_signed_off,
      coalesce((SELECT jsonb_agg(jsonb_build_array(f.name, f.byte_size, f.sha256) ORDER BY f.name)
        FROM research.edition_files f WHERE f.edition_id = e.id), '[]') AS files
    FROM research.editions e JOIN research.datasets d ON d.id = e.dataset_id
    WHERE e.id = ANY (%s)
"""


class EditionStepKind(StrEnum):
    """What can happen to an edition: how it is made, what advisers say of it, what is decided."""

    MADE = "made"
    READY = "ready"
    FAILED = "failed"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"
    COMMENT = "comment"
    SIGNED_OFF = "signed_off"
    NEEDS_CHANGE = "needs_change"
    RELEASED = "released"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ToldStep:
    """One of these, when it was, and what was said with it."""

    what: EditionStepKind
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class EditionRecord:
    """An edition with all that stands on record of it."""

    edition: Edition
    dataset_number: int
    #: Name, size and hash of its files, without their bytes.
    files: Sequence[tuple[str, int, str]]
    #: The newest first.
    reviews: Sequence[dict[str, Any]]
    is_signed_off: bool
    decision: EditionDecision | None
    noted: Sequence[EditionStep]

    @property
    def steps(self) -> list[ToldStep]:
        """The ledger told: from append-only rows alone, the oldest first."""
        made = [
            ToldStep(
                EditionStepKind(one.what), one.at, self.edition.why if one.what == "failed" else ""
            )
            for one in self.noted
        ]
        said = [
            ToldStep(EditionStepKind(one["verdict"]), one["written_at"], one["words"])
            for one in self.reviews
        ]
        decided = (
            []
            if self.decision is None
            else [
                ToldStep(
                    EditionStepKind(self.decision.decision),
                    self.decision.decided_at,
                    self.decision.note,
                )
            ]
        )
        return sorted([*made, *reversed(said), *decided], key=lambda one: one.at)


async def make(
    session: AsyncSession, study: Study, dataset: Dataset, kind: EditionKind, *, by: UUID
) -> Edition:
    """Ask for an edition with the newest text; one of the kind that is under way is the same.
    `study` and then `dataset` must be locked. Raises DatasetNotFoundError,
    DatasetClosedError, MeasuresNotComputedError or StaleResultsError."""
    if dataset.study_id != study.id:
        raise DatasetNotFoundError
    if dataset.closed_at is not None:
        raise DatasetClosedError
    under_way = await _under_way(session, study.id, kind)
    if under_way is not None:
        return under_way
    evaluation = await edition_figures.evaluated(session, dataset.id)
    await outside_results.require_current(session, evaluation)
    written = await edition_texts.versions(session, study.id, kind)
    made = Edition(
        study_id=study.id,
        number=await _next_number(session, study.id),
        kind=kind,
        dataset_id=dataset.id,
        evaluation_id=evaluation.id,
        text_version=written[0].version if written else None,
        software_version=datasets.SOFTWARE,
        made_by=by,
        made_at=clock.now(),
    )
    session.add(made)
    await session.flush()
    await queue.defer(session, TASK, edition_id=str(made.id))
    return made


async def access(session: AsyncSession, edition_id: UUID, *, lock: bool = False) -> Edition:
    """The edition; raises EditionNotFoundError. Locked, it is as it is now, and the dataset it was
    made of is locked before it: an erasure takes them in this order too."""
    found = await session.get(Edition, edition_id)
    if found is None:
        raise EditionNotFoundError
    if lock:
        await datasets.access(session, found.dataset_id, lock=True)
        await session.refresh(found, with_for_update=True)
    return found


async def cancel(session: AsyncSession, edition: Edition) -> None:
    """Stop making it; one that has ended stays as it is. `edition` must be locked."""
    if edition.ended_at is None:
        await end(session, edition, EditionState.CANCELLED)


async def end(
    session: AsyncSession, edition: Edition, state: EditionState, *, why: str = ""
) -> None:
    """It has ended so. `edition` is locked and under way."""
    edition.state, edition.ended_at, edition.why = state, clock.now(), why
    session.add(edition)
    await session.flush()


async def record_of(session: AsyncSession, edition: Edition) -> EditionRecord:
    """All that stands on record of one."""
    (found,) = await _records(session, [edition])
    return found


async def list_(session: AsyncSession, study_id: UUID) -> list[EditionRecord]:
    """The editions of a study, the newest first."""
    query = (
        select(Edition)
        .where(col(Edition.study_id) == study_id)
        .order_by(col(Edition.number).desc())
    )
    return await _records(session, (await session.execute(query)).scalars().all())


async def file(session: AsyncSession, edition: Edition, name: FileName) -> EditionFile:
    """One of its files with its bytes; raises EditionNotFoundError."""
    found = await session.get(EditionFile, (edition.study_id, edition.id, name))
    if found is None:
        raise EditionNotFoundError
    return found


async def _records(session: AsyncSession, editions: Sequence[Edition]) -> list[EditionRecord]:
    ids = [one.id for one in editions]
    connection = await db.driver(session)
    cursor = connection.cursor(row_factory=dict_row)
    rows = await (await cursor.execute(_RECORDS, (ids,))).fetchall()
    found = {row["id"]: row for row in rows}
    steps = select(EditionStep).where(col(EditionStep.edition_id).in_(ids))
    noted = (await session.execute(steps.order_by(col(EditionStep.id)))).scalars().all()
    decisions = select(EditionDecision).where(col(EditionDecision.edition_id).in_(ids))
    decided = {one.edition_id: one for one in (await session.execute(decisions)).scalars()}
    said = await review_subjects.of_editions(session, {one.study_id for one in editions})
    return [
        EditionRecord(
            edition=one,
            dataset_number=found[one.id]["dataset_number"],
            files=[(name, size, sha256) for name, size, sha256 in found[one.id]["files"]],
            reviews=said.get((one.study_id, one.number), []),
            is_signed_off=found[one.id]["is_signed_off"],
            decision=decided.get(one.id),
            noted=[step for step in noted if step.edition_id == one.id],
        )
        for one in editions
    ]


async def _under_way(session: AsyncSession, study_id: UUID, kind: EditionKind) -> Edition | None:
    query = select(Edition).where(
        col(Edition.study_id) == study_id,
        col(Edition.kind) == kind,
        col(Edition.ended_at).is_(None),
    )
    return (await session.execute(query)).scalar_one_or_none()


async def _next_number(session: AsyncSession, study_id: UUID) -> int:
    query = select(func.max(Edition.number)).where(col(Edition.study_id) == study_id)
    return ((await session.execute(query)).scalar() or 0) + 1
