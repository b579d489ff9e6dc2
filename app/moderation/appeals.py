"""An appeal: the author asks another moderator to look again at what was decided.

It joins the open case about the post, or opens one; whoever decided before stays out of it.
"""

from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.community import posts
from app.community.errors import PostNotFoundError
from app.core import clock, db, text
from app.identity.actors import Actor
from app.moderation import cases, log, policies, sanctions, subjects
from app.moderation.case_models import Case
from app.moderation.cases import OpenedCase
from app.moderation.columns import DETAIL_MAX
from app.moderation.decision_models import Act, Appeal, Decision
from app.moderation.errors import (
    AppealedAlreadyError,
    NothingToAppealError,
    SanctionNotFoundError,
)
from app.moderation.log_models import LogAct
from app.moderation.sanction_models import SanctionState
from app.moderation.subjects import Subject


async def ask(session: AsyncSession, actor: Actor, *, post_id: UUID, words: str | None) -> Appeal:
    """Ask once a decision; again while it is looked at gives the same answer.

    Raises ConflictError for other words than were sent: they would be lost in silence.
    """
    said = _said(words)
    post = await posts.get(session, post_id)
    if post.author_id != actor.member_id:
        raise PostNotFoundError
    decision = await in_force(session, post_id)
    if decision is None or post.withdrawn_at is not None:
        raise NothingToAppealError
    case = await cases.open_for(session, subjects.of_post(post))
    asked = await _find(session, decision)
    if asked is not None:
        if asked.case_id != case.id:
            raise NothingToAppealError
        if said is not None and said != asked.words:
            raise AppealedAlreadyError
        return asked
    return await _add(session, actor, case, subjects.of_post(post), decision, said)


def _said(words: str | None) -> str | None:
    return (
        text.clean(words, limit=DETAIL_MAX, pointer="/words") if words and words.strip() else None
    )


async def against(
    session: AsyncSession, actor: Actor, *, sanction_id: UUID, words: str | None
) -> Appeal:
    """Appeal against a sanction of one's own, once, while it stands; also while suspended.

    Raises SanctionNotFoundError for another's, and for what is only proposed.
    """
    said = _said(words)
    known = await sanctions.find(session, sanction_id)
    state = known.term.state(clock.now())
    if known.sanction.member_id != actor.member_id or state in UNTOLD:
        raise SanctionNotFoundError
    _, post = await subjects.of_case(session, known.sanction.case_id)
    subject = subjects.of_post(post)
    case = await cases.open_for(session, subject)
    asked = await session.scalar(select(Appeal).where(col(Appeal.sanction_id) == sanction_id))
    if asked is not None:
        if asked.case_id != case.id:
            raise NothingToAppealError
        if said is not None and said != asked.words:
            raise AppealedAlreadyError
        return asked
    if state not in STANDING:
        raise NothingToAppealError
    decision = await session.get_one(Decision, known.sanction.decision_id)
    return await _add(session, actor, case, subject, decision, said, sanction_id=sanction_id)


async def in_force(session: AsyncSession, post_id: UUID) -> Decision | None:
    """The decision that makes the post stand as it does; None when no moderator changed it."""
    latest = await session.scalar(
        select(Decision)
        .where(col(Decision.subject_id) == post_id, col(Decision.act) != Act.NOTHING.value)
        .order_by(col(Decision.place).desc())
        .limit(1)
    )
    return None if latest is None or latest.act == Act.RESTORE else latest


async def of_sanction_in(session: AsyncSession, case: Case) -> UUID | None:
    """The sanction that is appealed against in the case."""
    return await session.scalar(
        select(Appeal.sanction_id)
        .where(col(Appeal.case_id) == case.id, col(Appeal.sanction_id).is_not(None))
        .order_by(col(Appeal.place).desc())
        .limit(1)
    )


async def in_case(session: AsyncSession, case: Case) -> Appeal | None:
    """The author's appeal about how the text stands that the case answers, if there is one."""
    return await session.scalar(
        select(Appeal)
        .where(col(Appeal.case_id) == case.id, col(Appeal.sanction_id).is_(None))
        .order_by(col(Appeal.place).desc())
        .limit(1)
    )


#: What nobody outside the team hears of, and what can be appealed against.
UNTOLD: Final = (SanctionState.PROPOSED, SanctionState.DECLINED)
STANDING: Final = (SanctionState.GIVEN, SanctionState.IN_FORCE)

_OTHERS: Final = f"""
    SELECT EXISTS (SELECT FROM identity.account_roles r JOIN identity.accounts a
        ON a.id = r.account_id
      WHERE r.role IN ('moderator', 'safeguarding') AND a.closed_at IS NULL
        AND a.member_id <> %(author)s
        AND NOT {policies.decided_before("%(case_id)s", "a.member_id")})
"""  # noqa: S608 - put together from constants


async def has_others(session: AsyncSession, asked: Appeal) -> bool:
    """Whether there is a moderator who may look: neither the author nor who decided before."""
    connection = await db.driver(session)
    parameters = {"author": asked.asked_by, "case_id": asked.case_id}
    found = await (await connection.execute(_OTHERS, parameters)).fetchone()
    return found is not None and bool(found[0])


async def _find(session: AsyncSession, decision: Decision) -> Appeal | None:
    return await session.scalar(select(Appeal).where(col(Appeal.decision_id) == decision.id))


async def _add(
    session: AsyncSession,
    actor: Actor,
    case: OpenedCase,
    subject: Subject,
    decision: Decision,
    words: str | None,
    *,
    sanction_id: UUID | None = None,
) -> Appeal:
    about = {} if sanction_id is None else {"sanction_id": str(sanction_id)}
    asked = Appeal(
        decision_id=decision.id,
        sanction_id=sanction_id,
        case_id=case.id,
        asked_by=actor.member_id,
        words=words,
        asked_at=clock.now(),
    )
    session.add(asked)
    await session.flush()
    if case.is_new:
        await log.append(session, case.id, subject, LogAct.OPENED, actor_id=None, is_worried=False)
    await log.append(
        session,
        case.id,
        subject,
        LogAct.APPEALED,
        actor_id=actor.member_id,
        decision_id=str(decision.id),
        **about,
    )
    await cases.join(session, case, is_news=not case.is_new)
    return asked
