"""What studies learn from the packages below: activity, meetings, closures, texts, and who can take
part no more."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeGuard

from sqlalchemy.ext.asyncio import AsyncSession

from app.community.events import (
    BreakTaken,
    PostEdited,
    PostPublished,
    PostWithdrawn,
    ReactionGiven,
    ReactionTakenBack,
)
from app.core.events import Event, Handler, Recorded, Subscriber, event_uuid
from app.identity import pseudonyms
from app.identity.events import AccountClosed, AccountSuspended, RoleGranted
from app.research import (
    activity,
    attendance,
    community_closures,
    consent,
    deliveries,
    erasure,
    participation,
    studies,
    texts,
)
from app.research.texts import TextSource


async def _keep_activity(session: AsyncSession, found: Sequence[Recorded]) -> None:
    await activity.write(session, [act for recorded in found for act in activity.acts_of(recorded)])


async def _withdraw(session: AsyncSession, found: Sequence[Recorded]) -> None:
    leaving = [
        (event, recorded.occurred_at) for recorded in found if _leaves(event := recorded.event())
    ]
    await participation.lock(session, [event.member_id for event, _ in leaving])
    for event, at in leaving:
        await _leave(session, event, at=at)


def _leaves(event: Event) -> TypeGuard[AccountClosed | RoleGranted]:
    return isinstance(event, AccountClosed) or (
        isinstance(event, RoleGranted) and event.makes_staff
    )


async def _leave(
    session: AsyncSession, event: AccountClosed | RoleGranted, *, at: datetime
) -> None:
    """Becoming staff is stopping in every study: what was recorded until then stays, to be seen and
    erased under My data. Closing the account is stopping, or erasing; where it stays, no link that
    nobody can use is left behind. Told late, after the role was taken back, it stops nothing that
    the member agreed to since."""
    is_closed = isinstance(event, AccountClosed)
    erase = isinstance(event, AccountClosed) and event.erase_study_data
    is_staff = not await pseudonyms.may_take_part(session, event.member_id)
    for link in await pseudonyms.participants_of(session, [event.member_id]):
        must_stop = (
            is_closed or is_staff or await consent.stood_at(session, link.participant_id, at)
        )
        if not must_stop:
            continue
        study = await studies.access(session, link.study_id, is_researcher=True)
        await participation.withdraw(session, study, member_id=event.member_id, erase=erase)
        if is_closed and not erase:
            await erasure.untie(session, link.participant_id)
    if is_closed:
        await pseudonyms.forget_looks(session, event.member_id)


def _text_keeper(source: TextSource) -> Handler:
    async def keep(session: AsyncSession, found: Sequence[Recorded]) -> None:
        is_anyone = await texts.lock(
            session,
            post_ids=[event_uuid(recorded.payload, "post_id") for recorded in found],
            author_ids={event_uuid(recorded.payload, "author_id") for recorded in found},
        )
        if not is_anyone:
            return
        for recorded in found:
            event = recorded.event()
            at = recorded.occurred_at
            if isinstance(event, PostPublished):
                await texts.keep(
                    session, source, post_id=event.post_id, author_id=event.author_id, at=at
                )
            elif isinstance(event, PostEdited):
                await texts.replace(session, source, post_id=event.post_id, at=at)
            else:
                await texts.drop(session, post_id=event_uuid(recorded.payload, "post_id"))

    return keep


_OF_ACTIVITY = (PostPublished, PostWithdrawn, ReactionGiven, ReactionTakenBack, BreakTaken)
ACTIVITY = Subscriber(
    name="research.activity",
    types=frozenset(kind.event_type for kind in _OF_ACTIVITY),
    handle=_keep_activity,
)
ATTENDANCE = Subscriber(
    name="research.attendance",
    types=frozenset(deliveries.OF_ATTENDANCE),
    handle=attendance.write,
)
CLOSURES = Subscriber(
    name="research.closures",
    types=frozenset({AccountSuspended.event_type}),
    handle=community_closures.write,
)
ACCOUNTS = Subscriber(
    name="research.accounts",
    types=frozenset({AccountClosed.event_type, RoleGranted.event_type}),
    handle=_withdraw,
)


def text_subscriber(source: TextSource) -> Subscriber:
    """The one that copies texts, which it gets from `source`."""
    types = (PostPublished, PostEdited, PostWithdrawn)
    return Subscriber(
        name="research.texts",
        types=frozenset(kind.event_type for kind in types),
        handle=_text_keeper(source),
    )
