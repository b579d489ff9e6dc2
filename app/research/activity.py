"""From what happened in the community to what a study may know of it.

An event becomes activity rows only for members who take part, and only in studies to which they
consent. No post id and no text is kept: a row could otherwise be matched with the wall.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.community.events import PostPublished, ReactionGiven
from app.core import db
from app.core.events import Recorded
from app.identity import pseudonyms
from app.identity.pseudonyms import Link
from app.research.models import ActivityKind

#: Upper ends of the bands, in characters.
LENGTH_BANDS: Final = ((50, "brief"), (280, "short"), (1_000, "medium"))
LONGEST: Final = "long"


@dataclass(frozen=True, slots=True)
class Act:
    """One thing one member did or got, as an event told it."""

    event_id: int
    occurred_at: datetime
    member_id: UUID
    kind: ActivityKind
    other_id: UUID | None = None
    intent: str | None = None
    reaction: str | None = None
    length_band: str | None = None
    has_note: bool | None = None


#: Participants are locked first and in one order, so that a withdrawal waits for this batch or
#: this batch sees the withdrawal. Whatever the filter lets through, the trigger checks again.
_LOCK: Final = (
    "LOCK TABLE research.activities IN ROW EXCLUSIVE MODE",
    "SELECT 1 FROM research.participants WHERE id = ANY (%(everyone)s) ORDER BY id FOR SHARE",
)

_WRITE: Final = """
    INSERT INTO research.activities (study_id, occurred_at, source_event_id, day, participant_id,
      counterpart_id, kind, intent, reaction, length_band, has_note)
    SELECT a.study_id, a.occurred_at, a.event_id,
      research.days_between(p.enrolled_at, a.occurred_at), a.participant_id,
      CASE WHEN research.may_record(a.counterpart_id, 'activity', a.occurred_at)
        THEN a.counterpart_id END,
      a.kind, a.intent, a.reaction, a.length_band, a.has_note
    FROM unnest(%(study_ids)s::uuid[], %(moments)s::timestamptz[], %(event_ids)s::bigint[],
      %(participants)s::text[], %(counterparts)s::text[], %(kinds)s::text[], %(intents)s::text[],
      %(reactions)s::text[], %(lengths)s::text[], %(notes)s::boolean[])
      AS a (study_id, occurred_at, event_id, participant_id, counterpart_id, kind, intent,
        reaction, length_band, has_note)
    JOIN research.participants p ON p.id = a.participant_id
    WHERE research.may_record(a.participant_id, 'activity', a.occurred_at)
    ORDER BY a.event_id, a.kind
    ON CONFLICT (source_event_id, participant_id, kind) WHERE source_event_id IS NOT NULL
      DO NOTHING
"""


def length_band(length: int) -> str:
    """How long a text is, in four words: an exact length could be matched with the wall."""
    return next((band for limit, band in LENGTH_BANDS if length <= limit), LONGEST)


def acts_of(recorded: Recorded) -> list[Act]:
    """The acts that an event tells of: its author's, and what somebody else received by it."""
    event = recorded.event()
    if isinstance(event, PostPublished):
        return _of_post(recorded, event)
    if isinstance(event, ReactionGiven):
        return _of_reaction(recorded, event)
    return []


def _of_post(recorded: Recorded, event: PostPublished) -> list[Act]:
    where = (recorded.id, recorded.occurred_at)
    author, length, note = event.author_id, length_band(event.length), event.has_note
    if event.parent_id is None:
        kind, intent = ActivityKind.PUBLISHED, event.intent
        return [Act(*where, author, kind, intent=intent, length_band=length, has_note=note)]
    other = event.parent_author_id
    acts = [Act(*where, author, ActivityKind.REPLIED, other, length_band=length, has_note=note)]
    if other is not None and other != author:
        acts.append(Act(*where, other, ActivityKind.RECEIVED, author))
    return acts


def _of_reaction(recorded: Recorded, event: ReactionGiven) -> list[Act]:
    where = (recorded.id, recorded.occurred_at)
    giver, author, reaction = event.actor_id, event.author_id, str(event.kind)
    if giver == author:
        return []
    return [
        Act(*where, giver, ActivityKind.REACTED, author, reaction=reaction),
        Act(*where, author, ActivityKind.RECEIVED, giver, reaction=reaction),
    ]


async def write(session: AsyncSession, acts: Sequence[Act]) -> None:
    """Turn acts into rows, where consent to that is in force. Writing one again changes nothing."""
    members = {act.member_id for act in acts} | {act.other_id for act in acts if act.other_id}
    links = await pseudonyms.participants_of(session, members)
    rows = list(_rows(acts, links))
    if not rows:
        return
    connection = await db.driver(session)
    everyone = {"everyone": [found.participant_id for found in links]}
    for statement in _LOCK:
        await connection.execute(statement, everyone)
    await connection.execute(_WRITE, _columns(rows))


def _rows(acts: Iterable[Act], links: Sequence[Link]) -> Iterable[tuple[Act, Link, str | None]]:
    """Every act in every study of its member, with the other person if they are in it too."""
    known = {(found.study_id, found.member_id): found.participant_id for found in links}
    of_member: dict[UUID, list[Link]] = {}
    for found in links:
        of_member.setdefault(found.member_id, []).append(found)
    for act in acts:
        for own in of_member.get(act.member_id, ()):
            other = None if act.other_id is None else known.get((own.study_id, act.other_id))
            yield act, own, other


def _columns(rows: list[tuple[Act, Link, str | None]]) -> dict[str, list[Any]]:
    return {
        "study_ids": [own.study_id for _, own, _ in rows],
        "moments": [act.occurred_at for act, _, _ in rows],
        "event_ids": [act.event_id for act, _, _ in rows],
        "participants": [own.participant_id for _, own, _ in rows],
        "counterparts": [other for _, _, other in rows],
        "kinds": [act.kind.value for act, _, _ in rows],
        "intents": [act.intent for act, _, _ in rows],
        "reactions": [act.reaction for act, _, _ in rows],
        "lengths": [act.length_band for act, _, _ in rows],
        "notes": [act.has_note for act, _, _ in rows],
    }
