"""Sanctions: one's own and appealing against them, and the second moderator's answer."""

from typing import Any
from uuid import UUID

from app.api.client_info import AppLetterbox
from app.api.deps import Confirmed, Decider, Moderator, ReadSession, WriteSession
from app.api.problems import problems
from app.api.resource import resource
from app.api.schemas.reports import AppealCreate, AppealReceipt
from app.api.schemas.sanctions import MySanctions, ProposedSanctions, SanctionDecline
from app.core.errors import ForbiddenError
from app.moderation import appeals, messages, sanction_confirmation, sanction_views
from app.moderation.errors import (
    AppealedAlreadyError,
    CaseConflictError,
    NothingToAppealError,
    OwnProposalError,
    SanctionNotFoundError,
    SanctionSettledError,
)

router = resource("moderation")

_SECOND = problems(
    ForbiddenError, SanctionNotFoundError, CaseConflictError, OwnProposalError, SanctionSettledError
)


@router.get("/me/sanctions", response_model=MySanctions)
async def list_my_sanctions(actor: Confirmed, session: ReadSession) -> dict[str, Any]:
    """What moderators decided for you: why, until when, and whether you can appeal. Open to you
    also while your account is suspended."""
    return await sanction_views.own(session, actor)


@router.post(
    "/me/sanctions/{sanction_id}/appeal",
    status_code=201,
    responses=problems(SanctionNotFoundError, NothingToAppealError, AppealedAlreadyError),
)
async def appeal_sanction(
    sanction_id: UUID, body: AppealCreate, actor: Confirmed, session: WriteSession
) -> AppealReceipt:
    """Ask another moderator to look again, once. Open to you also while suspended."""
    asked = await appeals.against(session, actor, sanction_id=sanction_id, words=body.words)
    has_others = await appeals.has_others(session, asked)
    said = messages.THANKS_AGAIN if has_others else messages.THANKS_AGAIN_ALONE
    return AppealReceipt(id=asked.id, message=said)


@router.get(
    "/sanctions/proposed", response_model=ProposedSanctions, responses=problems(ForbiddenError)
)
async def list_proposed_sanctions(moderator: Moderator, session: ReadSession) -> dict[str, Any]:
    """Suspensions that wait for a second moderator."""
    return await sanction_views.proposed(session, moderator)


@router.post("/sanctions/{sanction_id}/confirm", status_code=204, responses=_SECOND)
async def confirm_sanction(
    sanction_id: UUID, moderator: Decider, session: WriteSession, letterbox: AppLetterbox
) -> None:
    """Agree to a suspension that another moderator proposed: it is in force from now on, and its
    member is told, here and by e-mail."""
    await sanction_confirmation.confirm(session, moderator, sanction_id, letterbox)


@router.post("/sanctions/{sanction_id}/decline", status_code=204, responses=_SECOND)
async def decline_sanction(
    sanction_id: UUID, body: SanctionDecline, moderator: Decider, session: WriteSession
) -> None:
    """Not agree to it: it never holds, and its member hears nothing."""
    await sanction_confirmation.decline(session, moderator, sanction_id, reason=body.reason)
