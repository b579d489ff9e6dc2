"""What the community does when something happened: tells people, and lets those who leave go.

Each reaction can run twice: notifications are unique by what they tell of, leaving by its nature.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.community import members, notifications
from app.community.events import (
    PostHidden,
    PostPublished,
    PostRestored,
    PostWithdrawn,
    ReactionGiven,
    ReactionTakenBack,
)
from app.community.words import NotificationKind
from app.core.events import Event, Recorded, Subscriber
from app.identity.events import AccountClosed


async def handle(session: AsyncSession, recorded: Sequence[Recorded]) -> None:
    """React to a batch, in order."""
    for found in recorded:
        await _react(session, found.event(), at=found.occurred_at)


async def _react(session: AsyncSession, event: Event, *, at: datetime) -> None:
    match event:
        case PostPublished(parent_id=parent_id) if parent_id is not None:
            await _tell_of_reply(session, event, at=at)
        case ReactionGiven() if event.actor_id != event.author_id:
            await notifications.make(
                session,
                member_ids=[event.author_id],
                kind=NotificationKind.REACTION,
                post_id=event.post_id,
                actor_id=event.actor_id,
                reaction=event.kind,
                at=at,
            )
        case ReactionTakenBack():
            await notifications.unmake_reaction(
                session, post_id=event.post_id, actor_id=event.actor_id, reaction=event.kind
            )
        case PostWithdrawn() | PostHidden() | PostRestored():
            await notifications.unmake(session, post_id=event.post_id)
        case AccountClosed():
            await members.leave(session, event.member_id)
        case _:
            return


async def _tell_of_reply(session: AsyncSession, event: PostPublished, *, at: datetime) -> None:
    """Whoever was answered hears of it, and whoever began the thread."""
    told = {event.parent_author_id, event.thread_author_id} - {event.author_id, None}
    await notifications.make(
        session,
        member_ids=[member_id for member_id in told if member_id is not None],
        kind=NotificationKind.REPLY,
        post_id=event.post_id,
        actor_id=event.author_id,
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
