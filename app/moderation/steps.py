"""Steps beside deciding: write to the author with where help is, and ask the safeguarding lead.

Each is one unit of work: the row, what others are told, the line in the log, and the event.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from psycopg.rows import DictRow
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.community import notifications
from app.community.choices import NotificationKind
from app.community.post_models import Post
from app.core import clock, db, events, text
from app.core.errors import InvalidError
from app.core.verdicts import YES, Verdict, no
from app.identity import addresses
from app.identity.actors import Actor
from app.identity.letters import Letterbox
from app.moderation import cases, digests, letters, log, messages, policies, subjects
from app.moderation.case_models import Case, Step, StepKind
from app.moderation.columns import REASON_MAX, REASON_MIN
from app.moderation.errors import CannotReachError, NoLeadError
from app.moderation.events import CASES, AuthorReachedOutTo, CaseHandedOver
from app.moderation.log_models import LogAct
from app.moderation.subjects import Subject


async def reach_out(
    session: AsyncSession,
    actor: Actor,
    case_id: UUID,
    *,
    said: str,
    version: int,
    revision: int | None = None,
) -> Step:
    """Write to the author of a case one holds. The same words again, after an answer that was
    lost, are not sent twice; other words are.

    Raises CannotReachError when nothing would reach them.
    """
    said = _cleaned(said)
    review = await cases.access(session, actor, case_id, lock=True)
    case = review.case
    if before := await _sent_before(session, actor, case, StepKind.REACHED_OUT, said):
        return before
    post = await cases.as_read(session, actor, case, version=version, revision=revision)
    await notifications.lock(session, {post.author_id})
    (await can_reach(session, post.author_id, is_now=True)).enforce(CannotReachError)
    step = await _write(session, actor, case, post, StepKind.REACHED_OUT, said)
    await notifications.make(
        session,
        member_ids=[post.author_id],
        kind=NotificationKind.REACH_OUT,
        post_id=post.id,
        text=messages.reach_out(said),
    )
    await _note(session, actor, case, step)
    event = AuthorReachedOutTo(case_id=case.id, is_worried=case.is_worried)
    await events.record(session, event, topics=[CASES])
    return step


async def hand_over(
    session: AsyncSession,
    actor: Actor,
    case_id: UUID,
    letterbox: Letterbox,
    *,
    said: str,
    version: int,
    revision: int | None = None,
) -> Step:
    """Ask the safeguarding lead to look at a case one holds, and give it over. Others may still
    take it: nobody waits for one person who sleeps.

    Raises NoLeadError when there is none without a part in it.
    """
    said = _cleaned(said)
    review = await cases.access(session, actor, case_id, lock=True)
    case = review.case
    if before := await _sent_before(session, actor, case, StepKind.HANDED_OVER, said):
        return before
    post = await cases.as_read(session, actor, case, version=version, revision=revision)
    leads = await _leads(session, actor, case, post)
    if not leads:
        raise NoLeadError
    step = await _write(session, actor, case, post, StepKind.HANDED_OVER, said)
    await _give_over(session, case)
    await _tell(session, leads, letterbox, case)
    await _note(session, actor, case, step, people=len(leads))
    event = CaseHandedOver(case_id=case.id, is_worried=case.is_worried)
    await events.record(session, event, topics=[CASES])
    return step


# News is for those who read in the community; whoever has left, or stands apart from it by now,
# would never see it.
_REACHABLE: Final = """
    SELECT m.left_at IS NULL AND a.closed_at IS NULL
      AND EXISTS (SELECT FROM community.reader(m.id)) AS is_reachable,
      coalesce(a.suspended_until > %(now)s, false) AS is_suspended
    FROM community.members m JOIN identity.accounts a ON a.member_id = m.id
    WHERE m.id = %(id)s
"""


async def can_reach(session: AsyncSession, author_id: UUID, *, is_now: bool = False) -> Verdict:
    """Whether what is written to someone would reach them here; `is_now`: also before a suspension
    of theirs is over."""
    found = await db.fetch_within(session, _REACHABLE, {"id": author_id, "now": clock.now()})
    is_reachable = bool(found) and found[0]["is_reachable"]
    if is_reachable and is_now and found[0]["is_suspended"]:
        is_reachable = False
    return YES if is_reachable else no(CannotReachError.default_detail)


# Every lead but oneself who has no part in the case: did not write or flag it, and did not decide
# what is now appealed against.
_LEADS: Final = f"""
    SELECT a.member_id, a.email_sealed
    FROM identity.account_roles r JOIN identity.accounts a ON a.id = r.account_id
    WHERE r.role = 'safeguarding' AND a.closed_at IS NULL AND a.email_sealed IS NOT NULL
      AND a.member_id <> ALL (ARRAY[%(viewer)s, %(author)s]::uuid[])
      AND NOT EXISTS (SELECT FROM moderation.reports p
        WHERE p.case_id = %(case_id)s AND p.reporter_id = a.member_id)
      AND NOT {policies.decided_before("%(case_id)s", "a.member_id")}
    ORDER BY a.member_id
"""  # noqa: S608 - put together from constants


async def _leads(session: AsyncSession, actor: Actor, case: Case, post: Post) -> list[DictRow]:
    asked = {"viewer": actor.member_id, "author": post.author_id, "case_id": case.id}
    return await db.fetch_within(session, _LEADS, asked)


async def can_hand_over(
    session: AsyncSession, actor: Actor, *, case_id: UUID, author_id: UUID
) -> Verdict:
    """Whether there is a lead who could look."""
    asked = {"viewer": actor.member_id, "author": author_id, "case_id": case_id}
    found = await db.fetch_within(session, _LEADS, asked)
    return YES if found else no(NoLeadError.default_detail)


async def _give_over(session: AsyncSession, case: Case) -> None:
    """Free again, marked for the lead, and in no batch: it is looked at by itself. The letter
    that leaves now is the first; the second leaves at the target."""
    case.claimed_by = case.claimed_at = case.claim_expires_at = case.claim_revision = None
    case.sole_reporter_id = None
    case.handed_over_at = clock.now()
    case.alerts = 1
    case.version += 1
    await session.flush()


async def _tell(
    session: AsyncSession, leads: Sequence[DictRow], letterbox: Letterbox, case: Case
) -> None:
    await notifications.make(
        session,
        member_ids=[lead["member_id"] for lead in leads],
        kind=NotificationKind.HAND_OVER,
        text=messages.ASKED_OF_LEAD,
    )
    letter = letters.asked(letterbox.origin, is_worried=case.is_worried)
    for lead in leads:
        to = addresses.open_(letterbox.encryption, lead["email_sealed"])
        await letterbox.send(session, to=to, letter=letter)


def _cleaned(said: str) -> str:
    said = text.clean(said, limit=REASON_MAX, pointer="/words")
    if len(said) < REASON_MIN:
        raise InvalidError("Please say it in a few more words.", pointer="/words")
    return said


async def _sent_before(
    session: AsyncSession, actor: Actor, case: Case, kind: StepKind, said: str
) -> Step | None:
    latest = await session.scalar(
        select(Step)
        .where(
            col(Step.case_id) == case.id,
            col(Step.kind) == kind.value,
            col(Step.moderator_id) == actor.member_id,
        )
        .order_by(col(Step.place).desc())
        .limit(1)
    )
    return latest if latest is not None and latest.words == said else None


async def _write(
    session: AsyncSession, actor: Actor, case: Case, post: Post, kind: StepKind, said: str
) -> Step:
    subject = subjects.of_post(post)
    step = Step(
        case_id=case.id,
        subject_kind=subject.kind,
        subject_id=subject.id,
        subject_version=subject.version,
        moderator_id=actor.member_id,
        kind=kind,
        words=said,
        made_at=clock.now(),
    )
    session.add(step)
    await session.flush()
    return step


async def _note(session: AsyncSession, actor: Actor, case: Case, step: Step, **facts: int) -> None:
    await log.append(
        session,
        case.id,
        Subject(step.subject_kind, step.subject_id, step.subject_version),
        LogAct(step.kind),
        actor_id=actor.member_id,
        step_id=str(step.id),
        digest=digests.of_step(step.model_dump()),
        **facts,
    )


async def taken(session: AsyncSession, case_id: UUID) -> frozenset[StepKind]:
    """Which kinds of step were taken in the case."""
    rows = await session.scalars(
        select(col(Step.kind)).where(col(Step.case_id) == case_id).distinct()
    )
    return frozenset(StepKind(kind) for kind in rows)
