"""Taking part in a study: joining, choosing anew, withdrawing."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession

from app.api.deps import AppEncryption, Confirmed, ReadPool, WithinOwn, WriteSession
from app.api.problems import problems
from app.api.resource import resource
from app.api.schemas.studies import (
    ChoiceWrite,
    DemographicsWrite,
    JoinWrite,
    Receipt,
    WithdrawalWrite,
)
from app.community import members
from app.core import mail
from app.core.db import Pool
from app.core.encryption import Encryption
from app.identity import accounts
from app.identity.actors import Actor
from app.research import participation, receipts, studies
from app.research.errors.participation import (
    JoiningTwiceError,
    NothingChosenError,
    NotTakingPartError,
    StaffStandApartError,
)
from app.research.errors.studies import SheetChangedError, StudyClosedError, StudyNotFoundError

Chooser = Annotated[Actor, Depends(WithinOwn(participation.CHOICES))]

router = resource("participation", prefix="/studies/{study_id}")


@router.post(
    "/participation",
    status_code=201,
    responses=problems(
        StudyNotFoundError,
        SheetChangedError,
        StudyClosedError,
        JoiningTwiceError,
        NothingChosenError,
        StaffStandApartError,
    ),
)
async def join_study(
    study_id: UUID, body: JoinWrite, actor: Chooser, session: WriteSession, pool: ReadPool
) -> Receipt:
    """Take part, agreeing to some purposes and not to others; returns the receipt."""
    await accounts.lock_open(session, actor.account_id)
    study = await studies.access(session, study_id, is_researcher=False, lock="join")
    own = await members.show_own(pool, actor.member_id)
    receipt = await participation.join(
        session,
        study,
        member_id=actor.member_id,
        joined_at=own["joined_at"],
        sheet_version=body.sheet_version,
        choices=body.purposes.choices(),
        demographics=(body.demographics or DemographicsWrite()).answers(),
    )
    return Receipt.of(receipt)


@router.put(
    "/participation/purposes",
    responses=problems(
        StudyNotFoundError,
        NotTakingPartError,
        SheetChangedError,
        StudyClosedError,
        StaffStandApartError,
    ),
)
async def choose_purposes(
    study_id: UUID, body: ChoiceWrite, actor: Chooser, session: WriteSession
) -> Receipt:
    """Change what one agrees to; no to everything is stopping. One can stop agreeing at any time,
    a new one needs an open study and the sheet of the day."""
    study = await studies.access(session, study_id, is_researcher=False, lock="join")
    receipt = await participation.choose(
        session,
        study,
        member_id=actor.member_id,
        sheet_version=body.sheet_version,
        choices=body.purposes.choices(),
    )
    return Receipt.of(receipt)


@router.post("/withdrawal", responses=problems(StudyNotFoundError))
async def withdraw_from_study(
    study_id: UUID,
    body: WithdrawalWrite,
    actor: Confirmed,
    session: WriteSession,
    pool: ReadPool,
    encryption: AppEncryption,
) -> Receipt:
    """Stop, or stop and erase; the receipt comes by mail too. Again changes nothing."""
    study = await studies.access(session, study_id, is_researcher=False)
    receipt = await participation.withdraw(
        session, study, member_id=actor.member_id, erase=body.erase
    )
    if not receipt.already:
        await _send(session, pool, encryption, actor, receipt)
    return Receipt.of(receipt)


async def _send(
    session: AsyncSession,
    pool: Pool,
    encryption: Encryption,
    actor: Actor,
    receipt: receipts.Receipt,
) -> None:
    """The letter is sealed until it is sent, and deleted from the queue then."""
    account = await accounts.show(pool, encryption, actor.account_id)
    subject, text = receipts.as_letter(receipt)
    await mail.queue(session, encryption, to=account.email, subject=subject, text=text)
