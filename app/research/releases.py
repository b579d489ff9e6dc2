"""What may leave: asked for by one person, decided by another, each step on a ledger.

One row a person and period leaves once a checker has released it. Rows of single acts leave only
under a data agreement besides, and only where the sheet spoke of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.core import clock, text
from app.core.errors import InvalidError
from app.research import calendar, datasets
from app.research.dataset_models import Dataset
from app.research.errors.datasets import DatasetClosedError
from app.research.errors.releases import (
    ActsNotCoveredError,
    AgreementEndedError,
    AnswersNotCoveredError,
    AttackSucceededError,
    NotReleasedError,
    ReleaseDecidedError,
    ReleaseNotFoundError,
    SecondPersonError,
)
from app.research.models import Study
from app.research.release_models import (
    DataAgreement,
    Decided,
    EarlyFreeze,
    Released,
    ReleaseDecision,
    ReleaseRequest,
)


@dataclass(frozen=True, slots=True)
class ReleaseGrounds:
    """Why a file may leave now."""

    request_id: UUID
    #: Who may hold it, for what and until when; None for periods.
    agreement: dict[str, str] | None


async def allow_early(session: AsyncSession, study: Study, *, reason: str, by: UUID) -> EarlyFreeze:
    """A second person's reason for freezing again within 28 days: good for one freeze by someone
    else."""
    allowed = EarlyFreeze(
        study_id=study.id,
        reason=text.clean_line(reason, limit=500, pointer="/reason"),
        allowed_by=by,
        allowed_at=clock.now(),
    )
    if len(allowed.reason) < 10:
        raise InvalidError("Please say in a sentence why.", pointer="/reason")
    session.add(allowed)
    await session.flush()
    return allowed


async def agree(
    session: AsyncSession, study: Study, *, recipient: str, aim: str, ends_on: date, by: UUID
) -> DataAgreement:
    """Note a signed agreement: who may hold rows of acts, for what, until when."""
    now = clock.now()
    today = await calendar.day_of(session, now)
    if not today <= ends_on <= date.fromordinal(today.toordinal() + 1827):
        raise InvalidError(
            "An agreement ends today or later, and within five years.", pointer="/ends_on"
        )
    made = DataAgreement(
        study_id=study.id,
        recipient=text.clean_line(recipient, limit=200, pointer="/recipient"),
        aim=text.clean(aim, limit=1_000, pointer="/aim"),
        ends_on=ends_on,
        made_by=by,
        made_at=now,
    )
    if len(made.recipient) < 3 or len(made.aim) < 10:
        raise InvalidError("Please name who may hold the rows, and what for.", pointer="/recipient")
    session.add(made)
    await session.flush()
    return made


async def agreements(session: AsyncSession, study_id: UUID) -> Sequence[DataAgreement]:
    """The agreements of a study, the newest first."""
    query = (
        select(DataAgreement)
        .where(col(DataAgreement.study_id) == study_id)
        .order_by(col(DataAgreement.made_at).desc())
    )
    return (await session.execute(query)).scalars().all()


async def ask(
    session: AsyncSession,
    dataset: Dataset,
    *,
    file: Released,
    agreement_id: UUID | None,
    note: str,
    by: UUID,
) -> ReleaseRequest:
    """Ask that a file may leave; asked again while nobody has decided, it is the same request: its
    answer may have been lost. Raises DatasetClosedError, ActsNotCoveredError,
    AnswersNotCoveredError, AgreementEndedError or ReleaseNotFoundError."""
    if dataset.closed_at is not None:
        raise DatasetClosedError
    if file.needs_agreement:
        await _require_covered(session, dataset, file)
        agreement = await _agreement(session, dataset.study_id, agreement_id)
        await _require_running(session, agreement)
    request = ReleaseRequest(
        study_id=dataset.study_id,
        dataset_id=dataset.id,
        file=file,
        agreement_id=agreement_id if file.needs_agreement else None,
        note=text.clean(note, limit=1_000, pointer="/note") if note.strip() else "",
        requested_by=by,
        requested_at=clock.now(),
    )
    waiting = await _waiting(session, request)
    if waiting is not None:
        return waiting
    session.add(request)
    await session.flush()
    return request


async def _require_covered(session: AsyncSession, dataset: Dataset, file: Released) -> None:
    kept = {one.name for one in await datasets.files(session, dataset)}
    if file is Released.ACTS and Released.ACTS not in kept:
        raise ActsNotCoveredError
    if file is Released.ANSWERS and not dataset.options.get("answers_may_leave"):
        raise AnswersNotCoveredError


async def access(session: AsyncSession, request_id: UUID, *, lock: bool = False) -> ReleaseRequest:
    """A request; raises ReleaseNotFoundError."""
    query = select(ReleaseRequest).where(col(ReleaseRequest.id) == request_id)
    if lock:
        query = query.with_for_update()
    found = (await session.execute(query)).scalar_one_or_none()
    if found is None:
        raise ReleaseNotFoundError
    return found


async def list_(
    session: AsyncSession, study_id: UUID
) -> list[tuple[ReleaseRequest, ReleaseDecision | None]]:
    """The requests of a study with what was decided, the newest first."""
    query = (
        select(ReleaseRequest, ReleaseDecision)
        .join(
            ReleaseDecision,
            col(ReleaseDecision.request_id) == col(ReleaseRequest.id),
            isouter=True,
        )
        .where(col(ReleaseRequest.study_id) == study_id)
        .order_by(col(ReleaseRequest.requested_at).desc(), col(ReleaseRequest.id))
    )
    return [(request, decision) for request, decision in (await session.execute(query)).all()]


async def decide(
    session: AsyncSession,
    request: ReleaseRequest,
    dataset: Dataset,
    *,
    decision: Decided,
    note: str,
    attack: dict[str, Any],
    by: UUID,
) -> ReleaseDecision:
    """Release or refuse. `request` must be locked; `attack` is what the attacks found in the file.

    Raises SecondPersonError, ReleaseDecidedError, DatasetClosedError, or AttackSucceededError when
    a file in which people can be recognised is to be released.
    """
    if by == request.requested_by or await datasets.has_frozen(session, dataset.id, by):
        raise SecondPersonError
    if await session.get(ReleaseDecision, (request.study_id, request.id)) is not None:
        raise ReleaseDecidedError
    if dataset.closed_at is not None:
        raise DatasetClosedError
    if decision is Decided.RELEASED and request.file == Released.PERIODS and attack["is_refused"]:
        raise AttackSucceededError
    made = ReleaseDecision(
        study_id=request.study_id,
        request_id=request.id,
        decision=decision,
        note=text.clean(note, limit=1_000, pointer="/note"),
        decided_by=by,
        decided_at=clock.now(),
        attack=attack,
    )
    session.add(made)
    await session.flush()
    return made


async def require(session: AsyncSession, dataset: Dataset, file: Released) -> ReleaseGrounds:
    """Why this file may leave now; raises NotReleasedError or AgreementEndedError."""
    query = (
        select(ReleaseRequest)
        .join(ReleaseDecision, col(ReleaseDecision.request_id) == col(ReleaseRequest.id))
        .where(
            col(ReleaseRequest.dataset_id) == dataset.id,
            col(ReleaseRequest.file) == file,
            col(ReleaseDecision.decision) == Decided.RELEASED,
        )
        .order_by(col(ReleaseDecision.decided_at).desc())
    )
    ended = False
    for request in (await session.execute(query)).scalars():
        if request.agreement_id is None:
            return ReleaseGrounds(request.id, None)
        agreement = await _agreement(session, dataset.study_id, request.agreement_id)
        if await _is_running(session, agreement):
            return ReleaseGrounds(request.id, _named(agreement))
        ended = True
    raise AgreementEndedError if ended else NotReleasedError


async def newest(session: AsyncSession, study_id: UUID, file: Released) -> Dataset | None:
    """The newest dataset of a study that is open and of which this file was released."""
    query = (
        select(Dataset)
        .join(ReleaseRequest, col(ReleaseRequest.dataset_id) == col(Dataset.id))
        .join(ReleaseDecision, col(ReleaseDecision.request_id) == col(ReleaseRequest.id))
        .where(
            col(Dataset.study_id) == study_id,
            col(Dataset.closed_at).is_(None),
            col(ReleaseRequest.file) == file,
            col(ReleaseDecision.decision) == Decided.RELEASED,
        )
        .order_by(col(Dataset.number).desc())
        .limit(1)
    )
    return (await session.execute(query)).scalars().first()


async def _waiting(session: AsyncSession, asked: ReleaseRequest) -> ReleaseRequest | None:
    """The same request by the same person, not decided yet."""
    query = (
        select(ReleaseRequest)
        .join(
            ReleaseDecision,
            col(ReleaseDecision.request_id) == col(ReleaseRequest.id),
            isouter=True,
        )
        .where(
            col(ReleaseRequest.dataset_id) == asked.dataset_id,
            col(ReleaseRequest.file) == asked.file,
            col(ReleaseRequest.agreement_id).is_not_distinct_from(asked.agreement_id),
            col(ReleaseRequest.note) == asked.note,
            col(ReleaseRequest.requested_by) == asked.requested_by,
            col(ReleaseDecision.request_id).is_(None),
        )
    )
    return (await session.execute(query)).scalars().first()


async def _agreement(
    session: AsyncSession, study_id: UUID, agreement_id: UUID | None
) -> DataAgreement:
    found = None if agreement_id is None else await session.get(DataAgreement, agreement_id)
    if found is None or found.study_id != study_id:
        raise ReleaseNotFoundError("These rows need a data agreement of this study.")
    return found


async def _is_running(session: AsyncSession, agreement: DataAgreement) -> bool:
    return await calendar.day_of(session, clock.now()) <= agreement.ends_on


async def _require_running(session: AsyncSession, agreement: DataAgreement) -> None:
    if not await _is_running(session, agreement):
        raise AgreementEndedError


def _named(agreement: DataAgreement) -> dict[str, str]:
    return {
        "recipient": agreement.recipient,
        "aim": agreement.aim,
        "ends_on": agreement.ends_on.isoformat(),
    }
