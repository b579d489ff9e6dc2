"""Analysis plans: written before a study is first frozen, signed by a second person, never changed.
What is done otherwise is noted as a departure."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import orjson
from sqlalchemy import exists
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, func, select

from app.core import clock, text
from app.core.errors import InvalidError
from app.research.dataset_models import Dataset
from app.research.errors.datasets import DatasetNotFoundError
from app.research.errors.releases import SecondPersonError
from app.research.errors.studies import PlanChangedError, PlanNotSignedError
from app.research.measures import plannable
from app.research.models import Study
from app.research.plan_models import AnalysisPlan, PlanDeparture, PlanSignature

#: Of a section, and of the reason why something departs.
MOST_WORDS: Final = 4_000
MOST_REASON: Final = 2_000
LEAST_REASON: Final = 10
MOST_PRIMARY: Final = 20
MOST_SECONDARY: Final = 50
MEASURE_NAME: Final = r"^[a-z][a-z0-9_]{1,40}$"


@dataclass(frozen=True, slots=True)
class Outline:
    """What a plan says, section by section."""

    questions: str
    primary_measures: Sequence[str]
    secondary_measures: Sequence[str]
    population: str
    missing_answers: str
    worthwhile_change: str


@dataclass(frozen=True, slots=True)
class PlanRecord:
    """All that stands on record of a study's plan, each list with the newest first."""

    is_frozen: bool
    versions: Sequence[AnalysisPlan]
    signatures: Sequence[PlanSignature]
    departures: Sequence[PlanDeparture]

    @property
    def in_force(self) -> int | None:
        """The newest version that is signed."""
        return max((one.version for one in self.signatures), default=None)

    def until(self, at: datetime) -> "PlanRecord":
        """As it stood at that time: nothing of it is changed or deleted."""
        return PlanRecord(
            is_frozen=self.is_frozen,
            versions=[one for one in self.versions if one.written_at <= at],
            signatures=[one for one in self.signatures if one.signed_at <= at],
            departures=[one for one in self.departures if one.noted_at <= at],
        )


def canonical(plan: AnalysisPlan) -> str:
    """A version as the one text that is signed: JSON with its names in order and no spaces."""
    said = plan.model_dump(exclude={"written_by", "written_at"})
    said["written_at"] = plan.written_at.astimezone(UTC)
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z).decode()


def hash_of(plan: AnalysisPlan) -> str:
    """SHA-256 of that text."""
    return hashlib.sha256(canonical(plan).encode()).hexdigest()


async def write(
    session: AsyncSession, study: Study, outline: Outline, *, reason: str | None = None, by: UUID
) -> AnalysisPlan:
    """The next version. `study` must be locked. Raises InvalidError; once the study has been
    frozen, a version departs from the plan and needs a reason."""
    primary = _measures(outline.primary_measures, "/primary_measures")
    secondary = _measures(outline.secondary_measures, "/secondary_measures")
    if both := set(primary) & set(secondary):
        raise InvalidError(
            f"“{min(both)}” is primary or secondary, not both.", pointer="/secondary_measures"
        )
    plan = AnalysisPlan(
        study_id=study.id,
        version=await _newest(session, study.id) + 1,
        questions=_section(outline.questions, "/questions"),
        primary_measures=primary,
        secondary_measures=secondary,
        population=_section(outline.population, "/population"),
        missing_answers=_section(outline.missing_answers, "/missing_answers"),
        worthwhile_change=_section(outline.worthwhile_change, "/worthwhile_change"),
        reason=_reason(reason or "") if await is_frozen(session, study.id) else None,
        written_by=by,
        written_at=clock.now(),
    )
    session.add(plan)
    await session.flush()
    return plan


async def sign(session: AsyncSession, study: Study, version: int, *, by: UUID) -> PlanSignature:
    """Sign the newest version; signed again by the same person, it is the same signature. `study`
    must be locked. Raises PlanChangedError for any other version, SecondPersonError for its
    author."""
    plan = await session.get(AnalysisPlan, (study.id, version))
    if plan is None or version != await _newest(session, study.id):
        raise PlanChangedError
    if plan.written_by == by:
        raise SecondPersonError("You wrote this version. Someone else reads it and signs it.")
    signed = await session.get(PlanSignature, (study.id, version, by))
    if signed is None:
        signed = PlanSignature(
            study_id=study.id,
            version=version,
            signed_by=by,
            signed_at=clock.now(),
            sha256=hash_of(plan),
        )
        session.add(signed)
        await session.flush()
    return signed


async def depart(
    session: AsyncSession,
    study: Study,
    *,
    departs: str,
    reason: str,
    dataset_id: UUID | None = None,
    by: UUID,
) -> PlanDeparture:
    """Note what was done otherwise than the plan in force says. Raises PlanNotSignedError,
    DatasetNotFoundError or InvalidError."""
    in_force = (await record_of(session, study.id)).in_force
    if in_force is None:
        raise PlanNotSignedError("There is no signed plan yet that anything could depart from.")
    if dataset_id is not None:
        dataset = await session.get(Dataset, dataset_id)
        if dataset is None or dataset.study_id != study.id:
            raise DatasetNotFoundError
    noted = PlanDeparture(
        study_id=study.id,
        version=in_force,
        dataset_id=dataset_id,
        departs=_reason(departs, pointer="/departs"),
        reason=_reason(reason),
        noted_by=by,
        noted_at=clock.now(),
    )
    session.add(noted)
    await session.flush()
    return noted


async def record_of(session: AsyncSession, study_id: UUID) -> PlanRecord:
    """The plan of a study in all its versions, its signatures and departures."""
    versions = select(AnalysisPlan).where(col(AnalysisPlan.study_id) == study_id)
    signatures = select(PlanSignature).where(col(PlanSignature.study_id) == study_id)
    departures = select(PlanDeparture).where(col(PlanDeparture.study_id) == study_id)
    return PlanRecord(
        is_frozen=await is_frozen(session, study_id),
        versions=(await session.execute(versions.order_by(col(AnalysisPlan.version).desc())))
        .scalars()
        .all(),
        signatures=(await session.execute(signatures.order_by(col(PlanSignature.signed_at).desc())))
        .scalars()
        .all(),
        departures=(await session.execute(departures.order_by(col(PlanDeparture.noted_at).desc())))
        .scalars()
        .all(),
    )


async def require_signed(session: AsyncSession, study_id: UUID) -> None:
    """Raises PlanNotSignedError before the first freeze of a study without a signed plan. The
    database asks again. Who was frozen before there were plans goes on without."""
    if await is_frozen(session, study_id):
        return
    signed = exists().where(col(PlanSignature.study_id) == study_id)
    if not (await session.execute(select(signed))).scalar_one():
        raise PlanNotSignedError


async def is_frozen(session: AsyncSession, study_id: UUID) -> bool:
    """Whether the study has been frozen at least once."""
    frozen = exists().where(col(Dataset.study_id) == study_id)
    return bool((await session.execute(select(frozen))).scalar_one())


async def _newest(session: AsyncSession, study_id: UUID) -> int:
    query = select(func.max(AnalysisPlan.version)).where(col(AnalysisPlan.study_id) == study_id)
    return (await session.execute(query)).scalar() or 0


def _section(words: str, pointer: str) -> str:
    return text.clean(words, limit=MOST_WORDS, pointer=pointer)


def _reason(words: str, pointer: str = "/reason") -> str:
    said = text.clean(words, limit=MOST_REASON, pointer=pointer)
    if len(said) < LEAST_REASON:
        raise InvalidError("Please say it in a sentence.", pointer=pointer)
    return said


def _measures(names: Sequence[str], pointer: str) -> list[str]:
    """The names, each once, in the order in which they were given."""
    plannable.require_known(names, pointer)
    return list(dict.fromkeys(names))
