"""What a browser is told of an event."""

from typing import Any
from uuid import UUID

from app.community import events as community
from app.core.events import Event, Recorded
from app.identity import events as identity
from app.moderation import events as moderation

#: Which facts of an event a browser is told. An event that is not here never reaches a socket,
#: and a fact that is not here stays inside: the browser reads what it shows, under the rule of
#: who may see what. What goes to everyone says which post, never which person: names of those who
#: react are for its author alone.
_POST = ("post_id", "thread_id")
_CASE = ("case_id",)
_TOLD: dict[type[Event], tuple[str, ...]] = {
    community.PostPublished: (*_POST, "parent_id", "intent"),
    community.PostEdited: _POST,
    community.PostWithdrawn: _POST,
    community.PostHidden: _POST,
    community.PostFolded: _POST,
    community.PostCovered: _POST,
    community.PostRestored: _POST,
    community.ReactionGiven: _POST,
    community.ReactionTakenBack: _POST,
    community.NotificationMade: ("kind",),
    community.NotificationUnmade: (),
    community.BreakTaken: (),
    community.BreakEnded: (),
    identity.SessionEnded: (),
    moderation.CaseOpened: _CASE,
    moderation.ReportJoined: _CASE,
    moderation.CaseClaimed: _CASE,
    moderation.CaseReleased: _CASE,
    moderation.CaseDecided: _CASE,
    moderation.SanctionSettled: _CASE,
    moderation.AuthorReachedOutTo: _CASE,
    moderation.CaseHandedOver: _CASE,
}
FIELDS = {event.event_type: names for event, names in _TOLD.items()}
#: What a fact was in the time before events told it.
_DEFAULTS: dict[str, dict[str, Any]] = {
    event.event_type: {
        name: event.model_fields[name].default
        for name in names
        if not event.model_fields[name].is_required()
    }
    for event, names in _TOLD.items()
}


def frame_of(event: Recorded, topics: list[str]) -> dict[str, Any]:
    """The frame of an event as one audience gets it: why it is told, and the small facts."""
    known = _DEFAULTS[event.type] | event.payload
    facts = {name: known[name] for name in FIELDS[event.type]}
    return {"type": event.type, "position": str(event.position), "topics": topics, **facts}


def is_told(event: Recorded) -> bool:
    """Whether browsers hear of this kind of event at all."""
    return event.type in FIELDS


def uuid_of(event: Recorded, field: str) -> UUID:
    """An id among the facts of an event."""
    return UUID(event.payload[field])
