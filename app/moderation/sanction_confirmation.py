"""A suspension needs two: the moderator who decides it, and another who confirms it. Until then it
is only proposed, nothing holds, and the member hears nothing of it."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.community import notifications
from app.core import clock, db, events
from app.identity import addresses
from app.identity.actors import Actor
from app.identity.letters import Letterbox
from app.moderation import cases, decisions, letters, policies, sanctions
from app.moderation.cases import Review
from app.moderation.decision_models import Decision
from app.moderation.errors import OwnProposalError, SanctionSettledError
from app.moderation.events import CASES, SanctionSettled
from app.moderation.log_models import LogAct
from app.moderation.sanction_models import ChangeKind, SanctionChange, SanctionState
from app.moderation.sanctions import SanctionWithTerm


async def confirm(
    session: AsyncSession, actor: Actor, sanction_id: UUID, letterbox: Letterbox
) -> None:
    """Agree to a suspension: in force from now on. Its member hears of it at once, here and by
    e-mail. Raises OwnProposalError, SanctionSettledError."""
    review, known = await _access(session, actor, sanction_id)
    if _is_settled(known, ChangeKind.CONFIRMED, actor):
        return
    await notifications.lock(session, [known.sanction.member_id])
    made = await sanctions.change(session, known, ChangeKind.CONFIRMED, by=actor.member_id)
    decision = await session.get_one(Decision, known.sanction.decision_id)
    await sanctions.come_into_force(session, sanction_id, reason=decision.reason)
    await _write_to(session, letterbox, known.sanction.member_id)
    await _append_to_log(session, actor, review, known, LogAct.CONFIRMED, made)


async def decline(session: AsyncSession, actor: Actor, sanction_id: UUID, *, reason: str) -> None:
    """Not agree: it never holds, and the member hears nothing. The reason is for the team."""
    said = decisions.reason_of(reason)
    review, known = await _access(session, actor, sanction_id)
    if _is_settled(known, ChangeKind.DECLINED, actor):
        return
    made = await sanctions.change(
        session, known, ChangeKind.DECLINED, by=actor.member_id, reason=said
    )
    await _append_to_log(session, actor, review, known, LogAct.DECLINED, made)


async def _access(
    session: AsyncSession, actor: Actor, sanction_id: UUID
) -> tuple[Review, SanctionWithTerm]:
    """The proposal for a moderator without a part in its case, who did not make it."""
    known = await sanctions.find(session, sanction_id)
    review = await cases.access(session, actor, known.sanction.case_id, lock=True)
    known = await sanctions.find(session, sanction_id)
    verdict = policies.can_confirm(
        actor.member_id, proposed_by=known.sanction.moderator_id, stake=review.stake
    )
    verdict.enforce(OwnProposalError)
    return review, known


def _is_settled(known: SanctionWithTerm, kind: ChangeKind, actor: Actor) -> bool:
    """Whether this very answer was given before; raises SanctionSettledError for another."""
    if any(one.kind is kind for one in known.term.changes):
        return True
    if known.term.state(clock.now()) is not SanctionState.PROPOSED:
        raise SanctionSettledError
    return False


async def _append_to_log(
    session: AsyncSession,
    actor: Actor,
    review: Review,
    known: SanctionWithTerm,
    act: LogAct,
    made: SanctionChange,
) -> None:
    await sanctions.note(
        session, known.sanction, review.subject, act, by=actor.member_id, change=made
    )
    event = SanctionSettled(case_id=review.case.id, is_worried=review.case.is_worried)
    await events.record(session, event, topics=[CASES])


_ADDRESS = """
    SELECT email_sealed FROM identity.accounts WHERE member_id = %s AND closed_at IS NULL
"""


async def _write_to(session: AsyncSession, letterbox: Letterbox, member_id: UUID) -> None:
    connection = await db.driver(session)
    found: Any = await (await connection.execute(_ADDRESS, (member_id,))).fetchone()
    if found is not None:
        to = addresses.open_(letterbox.encryption, found[0])
        await letterbox.send(session, to=to, letter=letters.suspended(letterbox.origin))
