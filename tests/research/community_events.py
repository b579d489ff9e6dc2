"""What happens in the community around a study: events, and how research takes them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from app.community.choices import Intent, ReactionKind
from app.community.events import (
    PostEdited,
    PostPublished,
    PostWithdrawn,
    ReactionGiven,
    ReactionTakenBack,
)
from app.core import events
from app.core.db import Database, unit_of_work
from app.core.delivery import deliver
from app.core.events import Event
from app.core.ids import new_id
from app.programme.choices import GroupMode
from app.programme.events import AttendanceRecorded, AttendanceTakenBack
from app.research import subscribers


def published(
    author_id: UUID,
    *,
    to: UUID | None = None,
    length: int = 80,
    post_id: UUID | None = None,
    to_reply: bool = False,
    waited: int | None = None,
) -> PostPublished:
    """A post, or a reply to a post of `to` (or `to_reply` of theirs): the first answer to it when
    it had `waited` so many seconds."""
    post_id = post_id or new_id()
    parent_id = None if to is None else new_id()
    return PostPublished(
        post_id=post_id,
        thread_id=new_id() if to_reply else parent_id or post_id,
        author_id=author_id,
        parent_id=parent_id,
        parent_author_id=to,
        thread_author_id=to or author_id,
        intent=Intent.SAYING_HELLO if to is None else None,
        length=length,
        has_note=False,
        revision=1,
        is_first_answer=waited is not None,
        root_age_seconds=waited,
    )


def reacted(actor_id: UUID, author_id: UUID, *, to_reply: bool = False) -> ReactionGiven:
    """A reaction of one member to a post of another, or to a reply of theirs."""
    post_id = new_id()
    return ReactionGiven(
        post_id=post_id,
        thread_id=new_id() if to_reply else post_id,
        author_id=author_id,
        actor_id=actor_id,
        kind=ReactionKind.I_HEAR_YOU,
    )


def unreacted(actor_id: UUID, author_id: UUID) -> ReactionTakenBack:
    """A reaction that one member took back from a post of another."""
    given = reacted(actor_id, author_id)
    return ReactionTakenBack(**given.model_dump(exclude={"type"}))


def edited(author_id: UUID, post_id: UUID) -> PostEdited:
    """New words for a post."""
    return PostEdited(post_id=post_id, thread_id=post_id, author_id=author_id, length=9, revision=2)


def withdrawn(author_id: UUID, post_id: UUID, *, thread_id: UUID | None = None) -> PostWithdrawn:
    """A post taken back, or a reply of a thread."""
    return PostWithdrawn(post_id=post_id, thread_id=thread_id or post_id, author_id=author_id)


def came(
    who: UUID | str,
    held_at: datetime,
    *,
    group: UUID,
    area: UUID | None = None,
    minutes: int = 90,
    mode: GroupMode = GroupMode.IN_PERSON,
) -> AttendanceRecorded:
    """A member, or somebody with this card, was at a meeting of a group."""
    return AttendanceRecorded(
        meeting_id=new_id(),
        group_id=group,
        area_id=area,
        mode=mode,
        held_at=held_at,
        minutes=minutes,
        member_id=who if isinstance(who, UUID) else None,
        code=who if isinstance(who, str) else None,
    )


def taken_off(listed: AttendanceRecorded, **changed: object) -> AttendanceTakenBack:
    """They were not there after all; what of the group is another by then."""
    return AttendanceTakenBack(**listed.model_dump(exclude={"type"}) | changed)


async def happen(database: Database, *happened: Event) -> None:
    """Record events, all now."""
    async with unit_of_work(database) as session:
        for event in happened:
            await events.record(session, event)


async def learn(database: Database) -> None:
    """Deliver what happened to the studies."""
    for subscriber in (subscribers.ACTIVITY, subscribers.ATTENDANCE, subscribers.CLOSURES):
        while await deliver(database, subscriber):
            pass


async def happen_and_learn(database: Database, happened: Sequence[Event]) -> None:
    """Both at once."""
    await happen(database, *happened)
    await learn(database)
