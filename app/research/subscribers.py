"""What studies learn from the packages below: activity, texts, and who can take part no more."""

from collections.abc import Sequence
from uuid import UUID

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
from app.identity.events import AccountClosed, RoleGranted
from app.research import activity, participation, studies, texts
from app.research.texts import TextSource


async def _keep_activity(session: AsyncSession, found: Sequence[Recorded]) -> None:
    await activity.write(session, [act for recorded in found for act in activity.acts_of(recorded)])


async def _withdraw(session: AsyncSession, found: Sequence[Recorded]) -> None:
    """Closing the account is withdrawing from every study, and so is becoming staff: what was
    recorded until then stays, to be seen and erased under My data."""
    leaving = [one for recorded in found if (one := _leaving(recorded.event())) is not None]
    await participation.hold(session, [member_id for member_id, _ in leaving])
    for member_id, is_erased in leaving:
        for link in await pseudonyms.participants_of(session, [member_id]):
            study = await studies.access(session, link.study_id, is_researcher=True)
            await participation.withdraw(session, study, member_id=member_id, erase=is_erased)


def _leaving(event: Event) -> tuple[UUID, bool] | None:
    """Who leaves every study by this event, and whether with erasure."""
    if isinstance(event, AccountClosed):
        return event.member_id, event.erase_study_data
    if isinstance(event, RoleGranted) and event.makes_staff:
        return event.member_id, False
    return None


def _text_keeper(source: TextSource) -> Handler:
    async def keep(session: AsyncSession, found: Sequence[Recorded]) -> None:
        await texts.hold(
            session,
            post_ids=[event_uuid(recorded.payload, "post_id") for recorded in found],
            author_ids={event_uuid(recorded.payload, "author_id") for recorded in found},
        )
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
