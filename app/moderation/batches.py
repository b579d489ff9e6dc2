"""Batches: the open cases that one member alone has flagged in one way, looked at together.

Who flags sixty posts in a minute takes one place in the queue, and one act gives them all back.
"""
# ruff: noqa: S608 - statements are put together from constants alone; values are parameters

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from psycopg.rows import dict_row
from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.community import notifications
from app.community.choices import NotificationKind
from app.community.post_models import Post
from app.core import clock, db
from app.identity.actors import Actor
from app.moderation import cases, decisions, messages, policies, queue
from app.moderation.case_models import Case, Step, StepKind
from app.moderation.decision_models import Act, Decision
from app.moderation.errors import AlreadyDecidedError, CaseChangedError


@dataclass(frozen=True, slots=True)
class Read:
    """A case of the batch as the moderator has read it."""

    case_id: UUID
    version: int
    revision: int


_BATCH: Final = f"""
    SELECT {queue.COLUMNS}, p.revision
    FROM moderation.cases first CROSS JOIN LATERAL (
      {queue.batch_of("first")}
    ) member
    JOIN moderation.cases c ON c.id = member.id {queue.JOINS}
    WHERE first.id = %(id)s
    ORDER BY c.place
"""


async def read(session: AsyncSession, actor: Actor, case_id: UUID) -> dict[str, Any]:
    """The cases of the batch that this one is in; raises CaseConflictError for whoever flagged
    them."""
    await cases.access(session, actor, case_id)
    connection = await db.driver(session)
    asked = {"id": case_id, "viewer": actor.member_id, "now": clock.now()}
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_BATCH, asked)
        rows = await cursor.fetchall()
    return {"items": [queue.shape(row) | {"revision": row["revision"]} for row in rows]}


async def leave(
    session: AsyncSession, actor: Actor, case_id: UUID, *, reason: str, read: Collection[Read]
) -> int:
    """Decide to change nothing about all of these; returns about how many.

    A case that is no longer as it was read stays open: someone else flagged it too, its text was
    edited, or a moderator took it. Whoever flagged them is answered once.
    """
    said = decisions.reason_of(reason)
    head = (await cases.access(session, actor, case_id)).case
    if head.decision_id is not None:
        raise AlreadyDecidedError
    reporter_id, is_worried = head.sole_reporter_id, head.is_worried
    if reporter_id is None:
        raise CaseChangedError(version=head.version)
    asked = {one.case_id: one for one in read}
    found = await cases.locked(session, asked)
    made: list[tuple[Case, Decision]] = []
    for case, post in found:
        is_same = case.sole_reporter_id == reporter_id and case.is_worried == is_worried
        if is_same and _stands(actor, case, post, asked[case.id]):
            decision = await decisions.write(
                session, actor, case, post, act=Act.NOTHING, reason=said, note_about=None
            )
            made.append((case, decision))
    if made:
        reached = await _reached(session, [case.id for case, _ in made])
        await notifications.make(
            session,
            member_ids=[reporter_id],
            kind=NotificationKind.REPORT_ANSWER,
            text=messages.batch_answer(
                len(made), reason=said, is_worried=is_worried, reached=reached
            ),
        )
    for case, decision in made:
        await decisions.append_to_log(session, actor, case, decision)
    return len(made)


async def _reached(session: AsyncSession, ids: Collection[UUID]) -> int:
    """In how many of these the author was written to."""
    found = await session.scalar(
        select(func.count(col(Step.case_id).distinct())).where(
            col(Step.case_id).in_(ids), col(Step.kind) == StepKind.REACHED_OUT.value
        )
    )
    return found or 0


def _stands(actor: Actor, case: Case, post: Post, read: Read) -> bool:
    """Whether it may be decided, and is as it was read."""
    verdict = policies.can_claim(
        actor.member_id,
        stake=policies.Stake(is_author=post.author_id == actor.member_id),
        claim=cases.claim_of(case),
        is_decided=case.decision_id is not None,
        at=clock.now(),
    )
    return bool(verdict) and (case.version, post.revision) == (read.version, read.revision)
