"""Cases: opened by a flag or a moderator, claimed under a lease, given back. Deciding is in
`decisions`.

Locks are taken in one order everywhere: the case, then the post, then the log.
"""
# ruff: noqa: S608 - statements are put together from constants alone; values are parameters

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from psycopg.rows import class_row
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.community.post_models import Post
from app.core import clock, db, events
from app.core.ids import new_id
from app.identity.actors import Actor
from app.moderation import log, policies, subjects
from app.moderation.case_models import Case
from app.moderation.errors import (
    AlreadyDecidedError,
    CaseChangedError,
    CaseClaimedError,
    CaseConflictError,
    LeaseLostError,
    TextChangedError,
)
from app.moderation.events import CASES, CaseClaimed, CaseOpened, CaseReleased, ReportJoined
from app.moderation.log_models import LogAct
from app.moderation.policies import Claim, Stake
from app.moderation.subjects import Subject

#: Long enough to read a thread and find kind words, short enough that nothing waits for long.
LEASE = timedelta(minutes=15)
#: For changing a case: a line of the log about it, whose foreign key shares the row, waits for
#: nobody who waits for the log.


@dataclass(frozen=True, slots=True)
class Review:
    """A case as one moderator meets it: what it is about, and their own part in it."""

    case: Case
    post: Post
    stake: Stake

    @property
    def subject(self) -> Subject:
        """What it is about, as it stands."""
        return subjects.of_post(self.post)


async def access(
    session: AsyncSession, actor: Actor, case_id: UUID, *, lock: bool = False
) -> Review:
    """The case for a moderator without a part in it; raises CaseConflictError for who has one.

    Nothing of the case is shown in one's own matter, least of all who flagged.
    """
    case, post = await subjects.of_case(session, case_id, lock=lock)
    stake = await _stake(session, actor, case, post)
    verdict = policies.can_open(stake)
    verdict.enforce(CaseConflictError)
    return Review(case=case, post=post, stake=stake)


_STAKE = f"""
    SELECT
      EXISTS (SELECT FROM moderation.reports
              WHERE case_id = %(case_id)s AND reporter_id = %(viewer)s)
        AND {policies.OTHERS} AS has_reported,
      {policies.decided_before("%(case_id)s", "%(viewer)s")} AS has_decided
"""


async def _stake(session: AsyncSession, actor: Actor, case: Case, post: Post) -> Stake:
    connection = await db.driver(session)
    parameters = {"case_id": case.id, "viewer": actor.member_id}
    found = await (await connection.execute(_STAKE, parameters)).fetchone()
    has_reported, has_decided = found or (False, False)
    return Stake(
        is_author=post.author_id == actor.member_id,
        has_reported=has_reported,
        has_decided_before=has_decided and case.decision_id is None,
    )


# Waits for whoever holds the row, and when they have decided it meanwhile opens a new one: the
# conflict is asked again after the wait (PostgreSQL, INSERT, "ON CONFLICT DO UPDATE").
_OPEN = """
    INSERT INTO moderation.cases AS c
      (id, subject_kind, subject_id, subject_version, is_worried, report_count, version, opened_at)
    VALUES (%(id)s, %(kind)s, %(subject_id)s, %(subject_version)s, false, 0, 1, %(now)s)
    ON CONFLICT (subject_kind, subject_id) WHERE decision_id IS NULL
      DO UPDATE SET version = c.version
    RETURNING c.id, c.is_worried, c.id = %(id)s AS is_new
"""

_JOIN = """
    UPDATE moderation.cases SET report_count = report_count + %(people)s,
      worried_count = worried_count + %(worried)s,
      is_worried = is_worried OR %(is_worried)s,
      worried_at = CASE WHEN %(is_worried)s THEN coalesce(worried_at, %(now)s) ELSE worried_at END,
      sole_reporter_id = CASE WHEN %(is_new)s THEN %(reporter_id)s::uuid
        WHEN %(people)s = 0 AND %(reporter_id)s::uuid IS NOT NULL THEN sole_reporter_id END,
      version = version + CASE WHEN %(is_news)s THEN 1 ELSE 0 END
    WHERE id = %(case_id)s
"""


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """The open case about a subject, locked until the unit of work ends."""

    id: UUID
    is_worried: bool
    #: Opened just now.
    is_new: bool


async def open_for(session: AsyncSession, subject: Subject) -> OpenedCase:
    """The open case about a subject; there is always one, and one only."""
    connection = await db.driver(session)
    about = {
        "kind": subject.kind,
        "subject_id": subject.id,
        "subject_version": subject.version,
    }
    async with connection.cursor(row_factory=class_row(OpenedCase)) as cursor:
        await cursor.execute(_OPEN, about | {"id": new_id(), "now": clock.now()})
        (opened,) = await cursor.fetchall()
    return opened


async def open_by(session: AsyncSession, actor: Actor, post_id: UUID) -> UUID:
    """A case that a moderator opens without a flag, or the open one about this post. Whoever sees
    something on the wall can act on it, also when there is nobody else to flag it to."""
    subject = (await subjects.access(session, actor, post_id)).subject
    case = await open_for(session, subject)
    if case.is_new:
        await log.append(
            session, case.id, subject, LogAct.OPENED, actor_id=actor.member_id, is_worried=False
        )
        await join(session, case)
    return case.id


async def join(
    session: AsyncSession,
    case: OpenedCase,
    *,
    reporter_id: UUID | None = None,
    people: int = 0,
    worried: int = 0,
    is_worried: bool = False,
    is_news: bool = False,
) -> None:
    """Count what joined the case, and tell the moderators: so many more `people`, so many of them
    `worried`. `is_news`: it must be read before anyone decides, so the version rises. Log lines
    come before this, by whoever knows them."""
    connection = await db.driver(session)
    counted = {
        "people": people,
        "worried": worried,
        "is_worried": is_worried,
        "is_news": is_news,
        "is_new": case.is_new,
        "reporter_id": reporter_id,
        "now": clock.now(),
    }
    await connection.execute(_JOIN, {"case_id": case.id, **counted})
    event = CaseOpened if case.is_new else ReportJoined
    made = event(case_id=case.id, is_worried=case.is_worried or is_worried)
    await events.record(session, made, topics=[CASES])


async def locked(session: AsyncSession, ids: Collection[UUID]) -> list[tuple[Case, Post]]:
    """Many cases with what they are about. All are locked, in one order, before any line is written
    to the log; whoever asks has still to see what each allows."""
    rows = await session.scalars(
        select(Case)
        .where(col(Case.id).in_(ids))
        .order_by(col(Case.id))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return [(case, await subjects.resolve(session, case)) for case in rows.all()]


def claim_of(case: Case) -> Claim | None:
    """Who took the case last, whether or not their time has run out."""
    if case.claimed_by is None or case.claim_expires_at is None:
        return None
    return Claim(member_id=case.claimed_by, expires_at=case.claim_expires_at)


async def claim(session: AsyncSession, actor: Actor, case_id: UUID) -> Case:
    """Take the case for LEASE; asked again by its holder, keep it as long from now.

    A lease ends by itself: an expired one doesn't count, and the next moderator takes over.
    """
    review = await access(session, actor, case_id, lock=True)
    case, now = review.case, clock.now()
    if case.decision_id is not None:
        raise AlreadyDecidedError
    held = claim_of(case)
    verdict = policies.can_claim(
        actor.member_id, stake=review.stake, claim=held, is_decided=False, at=now
    )
    verdict.enforce(CaseClaimedError)
    is_kept = has_lease(actor, case)
    if not is_kept:
        case.claimed_by, case.claimed_at = actor.member_id, now
        case.claim_revision = review.post.revision
    await _lease(session, actor, review, LogAct.EXTENDED if is_kept else LogAct.CLAIMED)
    return case


async def extend(session: AsyncSession, actor: Actor, case_id: UUID) -> Case:
    """Keep a case one still holds; raises LeaseLostError once the time has run out."""
    review = await access(session, actor, case_id, lock=True)
    require_lease(actor, review.case)
    await _lease(session, actor, review, LogAct.EXTENDED)
    return review.case


def require_lease(actor: Actor, case: Case) -> None:
    """Raise unless the case is open and the actor holds it at this moment."""
    if case.decision_id is not None:
        raise AlreadyDecidedError
    held = claim_of(case)
    if held is None or not policies.is_live(held, at=clock.now()):
        raise LeaseLostError
    if held.member_id != actor.member_id:
        raise CaseClaimedError


async def as_read(
    session: AsyncSession, actor: Actor, case: Case, *, version: int, revision: int | None
) -> Post:
    """The post of a locked case, locked too; raises unless the actor holds the case and both are as
    they were read: the text in `revision`, or else as it was when the case was taken or opened
    last."""
    require_lease(actor, case)
    if case.version != version:
        raise CaseChangedError(version=case.version)
    post = await subjects.resolve(session, case, lock=True)
    if post.withdrawn_at is None and post.revision != (revision or case.claim_revision):
        raise TextChangedError
    return post


def has_lease(actor: Actor, case: Case) -> bool:
    """Whether the actor holds the case at this moment."""
    held = claim_of(case)
    return (
        held is not None
        and held.member_id == actor.member_id
        and (policies.is_live(held, at=clock.now()))
    )


async def _lease(session: AsyncSession, actor: Actor, review: Review, act: LogAct) -> None:
    case = review.case
    case.claim_expires_at = clock.now() + LEASE
    await session.flush()
    until = case.claim_expires_at.isoformat()
    await log.append(session, case.id, review.subject, act, actor_id=actor.member_id, until=until)
    event = CaseClaimed(case_id=case.id, is_worried=case.is_worried)
    await events.record(session, event, topics=[CASES])


async def release(session: AsyncSession, actor: Actor, case_id: UUID) -> None:
    """Give the case back to the queue. Nothing happens to a case one doesn't hold."""
    review = await access(session, actor, case_id, lock=True)
    case = review.case
    held = claim_of(case)
    if case.decision_id is not None or held is None or held.member_id != actor.member_id:
        return
    case.claimed_by = case.claimed_at = case.claim_expires_at = case.claim_revision = None
    await session.flush()
    await log.append(session, case.id, review.subject, LogAct.RELEASED, actor_id=actor.member_id)
    event = CaseReleased(case_id=case.id, is_worried=case.is_worried)
    await events.record(session, event, topics=[CASES])
