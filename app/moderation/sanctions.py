"""Sanctions: what a decision means for the person who wrote it. A warning and a limit are in force
at once; a suspension once a second moderator has confirmed it. They end by their time alone.

What is in force is worked out by `sanction_rule` and handed down: `identity.account_standing`
shuts the community, `community.members` knows until when someone does not write.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.community import members, notifications
from app.community.choices import NotificationKind
from app.community.post_models import Post
from app.core import clock
from app.core.errors import InvalidError
from app.core.ids import new_id
from app.identity import account_standing
from app.identity.actors import Actor
from app.moderation import digests, log, messages, sanction_rule, subjects
from app.moderation.case_models import Case
from app.moderation.decision_models import Decision
from app.moderation.errors import SanctionNotFoundError
from app.moderation.log_models import LogAct
from app.moderation.sanction_models import (
    ChangeKind,
    Sanction,
    SanctionChange,
    SanctionKind,
    SanctionState,
)
from app.moderation.sanction_rule import Change, Term
from app.moderation.subjects import Subject

#: How long each may last, in days; None is for good.
LENGTHS: Final[dict[SanctionKind, tuple[int | None, ...]]] = {
    SanctionKind.WARN: (None,),
    SanctionKind.READ_FIRST: (7, 14, 30),
    SanctionKind.NO_POSTING: (7, 14, 30),
    SanctionKind.SUSPEND: (14, 30, None),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a moderator decides for the person who wrote it."""

    kind: SanctionKind
    days: int | None


@dataclass(frozen=True, slots=True)
class SanctionWithTerm:
    """A sanction with what became of it."""

    sanction: Sanction
    term: Term


def check(wanted: Wanted | None) -> None:
    """Raise InvalidError for a length that this kind does not have."""
    if wanted is not None and wanted.days not in LENGTHS[wanted.kind]:
        raise InvalidError("Please choose how long it lasts.", pointer="/sanction/days")


async def make(
    session: AsyncSession, actor: Actor, case: Case, post: Post, decision: Decision, wanted: Wanted
) -> Sanction:
    """Put the sanction under the decision. A suspension waits for a second moderator, and nobody is
    told of it before; everything else holds from now on. `note` has to follow, last."""
    sanction = Sanction(
        decision_id=decision.id,
        case_id=case.id,
        member_id=post.author_id,
        moderator_id=actor.member_id,
        kind=wanted.kind,
        days=wanted.days,
        made_at=clock.now(),
    )
    session.add(sanction)
    await session.flush()
    if wanted.kind is not SanctionKind.SUSPEND:
        await come_into_force(session, sanction.id, reason=decision.reason)
    return sanction


async def come_into_force(session: AsyncSession, sanction_id: UUID, *, reason: str) -> None:
    """Hand down what holds now, and tell the member what, until when and why."""
    known = await find(session, sanction_id)
    await apply(session, known.sanction.member_id)
    await _tell(session, known, messages.sanctioned(known.term), reason=reason)


async def _tell(
    session: AsyncSession, known: SanctionWithTerm, said: str, *, reason: str | None = None
) -> None:
    await notifications.make(
        session,
        member_ids=[known.sanction.member_id],
        kind=NotificationKind.SANCTION,
        text=said,
        reason=None if reason is None else messages.sentence(reason),
    )
    await account_standing.tell(session, known.sanction.member_id)


async def apply(session: AsyncSession, member_id: UUID) -> None:
    """Bring down what is in force of all of a member's sanctions, to where each is asked."""
    found = [known.term for known in await of_member(session, member_id)]
    now = clock.now()
    ends = {kind: sanction_rule.until(found, kind, now) for kind in SanctionKind}
    await account_standing.suspend(session, member_id, until=ends[SanctionKind.SUSPEND])
    await members.limit(
        session,
        member_id,
        no_posting_until=ends[SanctionKind.NO_POSTING],
        read_first_until=ends[SanctionKind.READ_FIRST],
    )


async def change(
    session: AsyncSession,
    known: SanctionWithTerm,
    kind: ChangeKind,
    *,
    by: UUID | None,
    reason: str | None = None,
    ends_at: datetime | None = None,
) -> SanctionChange:
    """What becomes of a sanction, and what holds of it from now on."""
    made = SanctionChange(
        id=new_id(),
        sanction_id=known.sanction.id,
        proposed_by=known.sanction.moderator_id,
        kind=kind,
        moderator_id=by,
        ends_at=ends_at,
        reason=reason,
        changed_at=clock.now(),
    )
    session.add(made)
    await session.flush()
    await apply(session, known.sanction.member_id)
    return made


async def note(
    session: AsyncSession,
    sanction: Sanction,
    subject: Subject,
    act: LogAct,
    *,
    by: UUID | None,
    change: SanctionChange | None = None,
) -> None:
    """The line of the log, which vouches for the row that it tells of."""
    row = sanction if change is None else change
    facts = {} if change is None else {"change_id": str(change.id)}
    await log.append(
        session,
        sanction.case_id,
        subject,
        act,
        actor_id=by,
        sanction_id=str(sanction.id),
        sanction=sanction.kind,
        days=sanction.days,
        digest=digests.of_sanction(row.model_dump()),
        **facts,
    )


async def find(session: AsyncSession, sanction_id: UUID, *, lock: bool = False) -> SanctionWithTerm:
    """One sanction with what became of it; raises SanctionNotFoundError. With `lock` nobody else
    changes what becomes of it meanwhile: its case is held."""
    sanction = await session.get(Sanction, sanction_id)
    if sanction is None:
        raise SanctionNotFoundError
    if lock:
        await subjects.of_case(session, sanction.case_id, lock=True)
    return (await _with_changes(session, [sanction]))[0]


async def of_member(session: AsyncSession, member_id: UUID) -> list[SanctionWithTerm]:
    """All of a member's, the earliest first."""
    rows = await session.scalars(
        select(Sanction).where(col(Sanction.member_id) == member_id).order_by(col(Sanction.place))
    )
    return await _with_changes(session, rows.all())


async def _with_changes(session: AsyncSession, found: Sequence[Sanction]) -> list[SanctionWithTerm]:
    rows = await session.scalars(
        select(SanctionChange)
        .where(col(SanctionChange.sanction_id).in_([one.id for one in found]))
        .order_by(col(SanctionChange.place))
    )
    changes: dict[UUID, list[Change]] = {one.id: [] for one in found}
    for row in rows:
        changes[row.sanction_id].append(Change(ChangeKind(row.kind), row.changed_at, row.ends_at))
    return [
        SanctionWithTerm(one, Term(SanctionKind(one.kind), one.made_at, one.days, changes[one.id]))
        for one in found
    ]


async def tell_over(session: AsyncSession) -> bool:
    """Tell a member that what held for them is over; whether there was one. It ended without this:
    the telling may come late, or twice at once, and tells once. One in a unit of work: a case is
    locked before the log, and the log is held until the commit."""
    told = select(SanctionChange.sanction_id).where(
        col(SanctionChange.kind).in_(
            [ChangeKind.OVER.value, ChangeKind.LIFTED.value, ChangeKind.DECLINED.value]
        )
    )
    rows = await session.scalars(
        select(Sanction)
        .where(col(Sanction.kind) != SanctionKind.WARN.value, col(Sanction.id).not_in(told))
        .order_by(col(Sanction.place))
    )
    now = clock.now()
    # A suspension counts from its confirmation, so which are over is worked out by the rule.
    for known in await _with_changes(session, rows.all()):
        if known.term.state(now) is SanctionState.OVER:
            await _tell_one_over(session, known.sanction.id)
            return True
    return False


async def _tell_one_over(session: AsyncSession, sanction_id: UUID) -> None:
    known = await find(session, sanction_id, lock=True)
    if any(one.kind is ChangeKind.OVER for one in known.term.changes):
        return
    made = await change(session, known, ChangeKind.OVER, by=None)
    await _tell(session, known, messages.sanction_over(known.term.kind))
    _, post = await subjects.of_case(session, known.sanction.case_id)
    await note(session, known.sanction, subjects.of_post(post), LogAct.OVER, by=None, change=made)


def shortened_to(known: SanctionWithTerm, days: int) -> datetime:
    """When it ends if it had lasted so many days; raises InvalidError unless that is sooner."""
    start, end = known.term.starts_at, known.term.ends_at
    if start is None or end is None or start + timedelta(days=days) >= end:
        raise InvalidError("That would not be shorter.", pointer="/answer/days")
    return start + timedelta(days=days)


async def answer(
    session: AsyncSession,
    known: SanctionWithTerm,
    kind: ChangeKind,
    *,
    by: UUID,
    reason: str,
    days: int | None = None,
) -> SanctionChange:
    """What an appeal comes to: it stays, ends sooner, or is lifted."""
    ends_at = shortened_to(known, days or 0) if kind is ChangeKind.SHORTENED else None
    made = await change(session, known, kind, by=by, reason=reason, ends_at=ends_at)
    now_known = await find(session, known.sanction.id)
    await _tell(session, now_known, messages.answered_appeal(kind, now_known.term), reason=reason)
    return made
