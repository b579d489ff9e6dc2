"""Datasets: a frozen cut of who consents now and what was recorded up to now."""

from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, func, select

from app.core import clock, db, events
from app.research import codebook, disclosure
from app.research.about import NOT_ANSWERED
from app.research.dataset_models import Dataset, DatasetParticipant
from app.research.disclosure import Recoded
from app.research.errors import (
    DatasetClosedError,
    DatasetNotFoundError,
    TooFewInItError,
)
from app.research.events import DatasetFrozen
from app.research.models import Study
from app.research.who import Who

#: The program that froze a dataset, as pyproject.toml numbers it; a test holds the two together.
SOFTWARE: Final = "alongside 0.1.0"

#: Waits for activities being written and holds new ones back, for milliseconds: afterwards every
#: row up to the highest number is there, and no row with a lower number can come.
_HOLD: Final = "LOCK TABLE research.activities IN SHARE MODE"
_CUTOFF: Final = "SELECT coalesce(max(id), 0) FROM research.activities"

_CONSENTING: Final = """
    SELECT p.id, p.tenure_band, p.age_band, p.area, p.peer_support_before, c.sheet_version
    FROM research.participants p
    CROSS JOIN LATERAL (
      SELECT act, sheet_version FROM research.consents
      WHERE participant_id = p.id AND purpose = 'activity' ORDER BY id DESC LIMIT 1) c
    WHERE p.study_id = %s AND p.state = 'taking_part' AND c.act = 'given'
    ORDER BY p.id
"""


async def freeze(session: AsyncSession, study: Study, *, by: Who) -> Dataset:
    """Cut a dataset. `study` must be locked to change, after nothing else in this unit of work.

    Raises TooFewInItError. Its rows are hashed afterwards, outside the hold:
    see `exports.freezing`.
    """
    connection = await db.driver(session)
    await connection.execute(_HOLD)
    cutoff = await (await connection.execute(_CUTOFF)).fetchone()
    people = await (await connection.execute(_CONSENTING, (study.id,))).fetchall()
    recoded = _recode({row[0]: _answers(row[1:5]) for row in people})
    dataset = Dataset(
        study_id=study.id,
        number=await _next_number(session, study.id),
        frozen_at=clock.now(),
        frozen_by=by.account_id,
        cutoff_id=0 if cutoff is None else cutoff[0],
        participant_count=len(people),
        sheet_versions=sorted({row[5] for row in people}),
        disclosure=_report(recoded),
        software_version=SOFTWARE,
    )
    session.add(dataset)
    await session.flush()
    await _enter(session, dataset.id, recoded)
    event = DatasetFrozen(study_id=study.id, dataset_id=dataset.id, number=dataset.number)
    await events.record(session, event)
    return dataset


def _answers(row: tuple[str | None, ...]) -> tuple[str, ...]:
    return tuple(NOT_ANSWERED if answer is None else answer for answer in row)


def _recode(records: dict[str, tuple[str, ...]]) -> Recoded:
    if len(records) < disclosure.K:
        raise TooFewInItError(disclosure.K)
    return disclosure.recode(records, codebook.QUASI_IDENTIFIERS, order=codebook.WITHHOLDING_ORDER)


def _report(recoded: Recoded) -> dict[str, object]:
    return {
        "k": recoded.k,
        "smallest_class": recoded.smallest_class,
        "recoded": [
            {"column": column, "people": count} for column, count in recoded.withheld.items()
        ],
    }


async def _next_number(session: AsyncSession, study_id: UUID) -> int:
    query = select(func.max(Dataset.number)).where(col(Dataset.study_id) == study_id)
    return ((await session.execute(query)).scalar() or 0) + 1


async def _enter(session: AsyncSession, dataset_id: UUID, recoded: Recoded) -> None:
    session.add_all(
        DatasetParticipant(
            dataset_id=dataset_id,
            participant_id=participant,
            **dict(zip(codebook.QUASI_IDENTIFIERS, record, strict=True)),
        )
        for participant, record in recoded.records.items()
    )
    await session.flush()


async def access(
    session: AsyncSession, dataset_id: UUID, *, to_pull: bool = False, lock: bool = False
) -> Dataset:
    """The dataset; raises DatasetNotFoundError, and DatasetClosedError for who wants to pull it.

    Locked, no erasure can close it until the unit of work ends.
    """
    query = select(Dataset).where(col(Dataset.id) == dataset_id)
    if lock:
        query = query.with_for_update(read=True)
    dataset = (await session.execute(query)).scalar_one_or_none()
    if dataset is None:
        raise DatasetNotFoundError
    if to_pull and dataset.closed_at is not None:
        raise DatasetClosedError
    return dataset


async def list_(session: AsyncSession, study_id: UUID) -> list[Dataset]:
    """A study's datasets, the newest first."""
    query = (
        select(Dataset)
        .where(col(Dataset.study_id) == study_id)
        .order_by(col(Dataset.number).desc())
    )
    return list((await session.execute(query)).scalars())


async def find_numbered(
    session: AsyncSession, study_id: UUID, number: int | None
) -> Dataset | None:
    """The dataset with this number; without a number the newest that can still be pulled."""
    found = await list_(session, study_id)
    if number is not None:
        return next((dataset for dataset in found if dataset.number == number), None)
    return next((dataset for dataset in found if dataset.closed_at is None), None)
