"""What the community does when something happened: tells people, and lets those who leave go.

Each of these can run twice, and late: a dead letter is redelivered when the world has moved on. So
notifications are unique by what they tell of, what was undone since is not told, and what was done
again since stays told. Leaving cannot be undone.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.community import blocks, members, notifications, reactions, statements
from app.community.choices import NotificationKind
from app.community.events import (
    PostHidden,
    PostPublished,
    PostRestored,
    PostWithdrawn,
    ReactionGiven,
    ReactionTakenBack,
)
from app.core.events import Event, Recorded, Subscriber
from app.identity.events import AccountClosed


async def handle(session: AsyncSession, recorded: Sequence[Recorded]) -> None:
    """React to a batch, in order."""
    happened = [(found.event(), found.occurred_at) for found in recorded]
    await notifications.lock(
        session, {member_id for event, _ in happened for member_id in _concerned(event)}
    )
    for event, at in happened:
        await _react(session, event, at=at)


def _concerned(event: Event) -> set[UUID]:
    """Whose row this writes under: whoever is told of it, or leaves."""
    match event:
        case PostPublished() if event.parent_id is not None:
            return _told(event)
        case ReactionGiven() if event.actor_id != event.author_id:
            return {event.author_id}
        case AccountClosed():
            return {event.member_id}
        case _:
            return set()


def _told(event: PostPublished) -> set[UUID]:
    """Whoever was answered, and whoever began the thread."""
    told = {event.parent_author_id, event.thread_author_id} - {event.author_id}
    return {member_id for member_id in told if member_id is not None}


async def _react(session: AsyncSession, event: Event, *, at: datetime) -> None:
    match event:
        case PostPublished(parent_id=parent_id) if parent_id is not None:
            await _tell_of_reply(session, event, at=at)
        case ReactionGiven() | ReactionTakenBack() if event.actor_id != event.author_id:
            await _tell_of_reaction(session, event, at=at)
        case PostWithdrawn() | PostHidden() | PostRestored():
            await notifications.unmake(session, post_id=event.post_id)
        case AccountClosed():
            await members.leave(session, event.member_id)
        case _:
            return


async def _tell_of_reply(session: AsyncSession, event: PostPublished, *, at: datetime) -> None:
    """Whoever was answered hears of it, and whoever began the thread; of one taken back nobody, of
    one that is hidden from them by now not yet."""
    authors = {event.author_id, event.thread_author_id or event.author_id}
    told = await statements.audience(session, event.post_id, _told(event), authors=authors)
    await notifications.make(
        session,
        member_ids=told,
        silent_for=[member_id for member_id, is_seeing in told.items() if not is_seeing],
        is_locked=True,
        kind=NotificationKind.REPLY,
        post_id=event.post_id,
        actor_id=event.author_id,
        at=at,
    )


async def _tell_of_reaction(
    session: AsyncSession, event: ReactionGiven | ReactionTakenBack, *, at: datetime
) -> None:
    """The author hears of a reaction as long as it stands, whichever event told of it last."""
    post_id, giver, kind = event.post_id, event.actor_id, event.kind
    if not await reactions.stands(session, post_id=post_id, member_id=giver, kind=kind):
        await notifications.unmake_reaction(session, post_id=post_id, actor_id=giver, reaction=kind)
    elif isinstance(event, ReactionGiven) and await statements.stands(session, post_id):
        if await blocks.not_meeting(session, {event.author_id}, {giver}):
            return
        await notifications.make(
            session,
            member_ids=[event.author_id],
            is_locked=True,
            kind=NotificationKind.REACTION,
            post_id=post_id,
            actor_id=giver,
            reaction=kind,
            at=at,
        )


SUBSCRIBER = Subscriber(
    name="community",
    types=frozenset(
        kind.event_type
        for kind in (
            PostPublished,
            PostWithdrawn,
            PostHidden,
            PostRestored,
            ReactionGiven,
            ReactionTakenBack,
            AccountClosed,
        )
    ),
    handle=handle,
)
