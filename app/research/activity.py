"""From what happened in the community to what a study may know of it.

An event becomes activity rows only for members who take part, and only in studies to which they
consent. No post id, no text, no event's number and no exact time is kept: a row could otherwise
be matched with the wall.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from psycopg.rows import DictRow, dict_row
from sqlalchemy.ext.asyncio import AsyncSession

from app.community.events import (
    BreakTaken,
    PostPublished,
    PostWithdrawn,
    ReactionGiven,
    ReactionTakenBack,
)
from app.core import db
from app.core.events import Recorded
from app.identity import pseudonyms
from app.identity.pseudonyms import Link
from app.research import deliveries
from app.research.registry import MAX_ORDINAL, ActivityKind, latency_band, length_band

#: So long without an act ends a session.
IDLE: Final = timedelta(minutes=30)
#: What was done to someone is not something they did: it begins no session.
_DONE_TO_THEM: Final = frozenset({ActivityKind.RECEIVED, ActivityKind.LOST})


@dataclass(frozen=True, slots=True)
class ActivityFact:
    """One thing one member did or got, as an event told it."""

    event_id: int
    occurred_at: datetime
    member_id: UUID
    kind: ActivityKind
    other_id: UUID | None = None
    target: str | None = None
    intent: str | None = None
    reaction: str | None = None
    length_band: str | None = None
    has_note: bool | None = None
    latency_band: str | None = None


#: Which of these acts may be recorded and have not been yet; and who the other side is.
_TAKE: Final = f"""
    WITH acts AS (
      SELECT * FROM unnest(%(places)s::integer[], %(event_ids)s::bigint[],
        %(moments)s::timestamptz[], %(studies)s::uuid[], %(participants)s::text[],
        %(kinds)s::text[], %(others)s::uuid[], %(counterparts)s::text[]) AS a
        (place, event_id, occurred_at, study_id, participant_id, kind, other_id, counterpart_id)
    ), fresh AS (
      INSERT INTO research.deliveries ({deliveries.KEY})
      SELECT {deliveries.KEY} FROM acts
      WHERE research.may_record(participant_id, 'activity', occurred_at)
      ON CONFLICT DO NOTHING
      RETURNING {deliveries.KEY}
    )
    SELECT a.place, s.session, s.posts, s.last_at, identity.part_of(l.member_id) AS actor_role,
      CASE WHEN a.other_id IS NULL THEN NULL
        WHEN a.other_id = l.member_id THEN 'self'
        WHEN identity.is_staff(a.other_id) THEN 'staff'
        WHEN research.may_record(a.counterpart_id, 'activity', a.occurred_at) THEN 'participant'
        ELSE 'member' END AS other_side
    FROM fresh JOIN acts a USING ({deliveries.KEY})
    JOIN identity.study_links l ON l.participant_id = a.participant_id
    JOIN research.recording_states s ON s.study_id = a.study_id
      AND s.participant_id = a.participant_id
    ORDER BY a.place
"""  # noqa: S608 - a constant of ours

_FIELDS: Final = (
    "study_id", "participant_id", "occurred_at", "kind", "version", "actor_role", "other_side",
    "counterpart_id", "target", "intent", "reaction", "length_band", "has_note", "ordinal",
    "latency_band", "session",
)  # fmt: skip
_WRITE: Final = f"""
    INSERT INTO research.activities ({", ".join(_FIELDS)})
    VALUES ({", ".join(f"%({name})s" for name in _FIELDS)})
"""  # noqa: S608 - joins constants

_REMEMBER: Final = """
    UPDATE research.recording_states SET session = %(session)s, posts = %(posts)s,
      last_at = %(last_at)s
    WHERE participant_id = %(participant_id)s
"""


def acts_of(recorded: Recorded) -> list[ActivityFact]:
    """The acts that an event tells of: its author's, and what somebody else received by it."""
    event = recorded.event()
    where = (recorded.id, recorded.occurred_at)
    match event:
        case PostPublished():
            return [*_of_post(where, event)]
        case PostWithdrawn():
            target = "post" if event.post_id == event.thread_id else "reply"
            return [ActivityFact(*where, event.author_id, ActivityKind.TOOK_BACK, target=target)]
        case ReactionGiven():
            return [*_of_reaction(where, event, ActivityKind.REACTED, ActivityKind.RECEIVED)]
        case ReactionTakenBack():
            return [*_of_reaction(where, event, ActivityKind.TOOK_BACK, ActivityKind.LOST)]
        case BreakTaken():
            return [ActivityFact(*where, event.member_id, ActivityKind.BREAK_TAKEN)]
        case _:
            return []


def _of_post(where: tuple[int, datetime], event: PostPublished) -> Iterable[ActivityFact]:
    author, length, note = event.author_id, length_band(event.length), event.has_note
    other = event.parent_author_id
    if other is None:
        kind, intent = ActivityKind.PUBLISHED, event.intent
        yield ActivityFact(*where, author, kind, intent=intent, length_band=length, has_note=note)
        return
    target = "post" if event.parent_id == event.thread_id else "reply"
    kind = ActivityKind.REPLIED
    yield ActivityFact(*where, author, kind, other, target, length_band=length, has_note=note)
    if other != author:
        waited = None
        if event.is_first_answer and target == "post" and event.root_age_seconds is not None:
            waited = latency_band(event.root_age_seconds)
        yield ActivityFact(
            *where, other, ActivityKind.RECEIVED, author, target, latency_band=waited
        )


def _of_reaction(
    where: tuple[int, datetime],
    event: ReactionGiven | ReactionTakenBack,
    given: ActivityKind,
    got: ActivityKind,
) -> Iterable[ActivityFact]:
    giver, author, reaction = event.actor_id, event.author_id, str(event.kind)
    if giver != author:
        target = "post" if event.post_id == event.thread_id else "reply"
        yield ActivityFact(*where, giver, given, author, target, reaction=reaction)
        yield ActivityFact(*where, author, got, giver, target, reaction=reaction)


async def write(session: AsyncSession, acts: Sequence[ActivityFact]) -> None:
    """Turn acts into rows, where consent to that is in force. Writing one again changes nothing."""
    members = {act.member_id for act in acts} | {act.other_id for act in acts if act.other_id}
    links = await pseudonyms.participants_of(session, members)
    found = list(_in_studies(acts, links))
    everyone = [link.participant_id for link in links] if found else []
    await deliveries.begin(session, everyone)
    if not found:
        return
    connection = await db.driver(session)
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_TAKE, _columns(found))
        taken = await cursor.fetchall()
    states = _States(taken, found)
    rows = [_row(*found[one["place"]], one, states) for one in taken]
    async with connection.cursor() as cursor:
        await cursor.executemany(_WRITE, rows)
        await cursor.executemany(_REMEMBER, states.changed())


#: An act, whose in which study, and the other person's code in it.
_Found = tuple[ActivityFact, Link, str | None]


def _in_studies(acts: Iterable[ActivityFact], links: Sequence[Link]) -> Iterable[_Found]:
    """Every act in every study of its member, with the other person if they are in it too."""
    known = {(found.study_id, found.member_id): found.participant_id for found in links}
    of_member: dict[UUID, list[Link]] = {}
    for found in links:
        of_member.setdefault(found.member_id, []).append(found)
    for act in acts:
        for own in of_member.get(act.member_id, ()):
            other = None if act.other_id is None else known.get((own.study_id, act.other_id))
            yield act, own, other


def _columns(found: Sequence[_Found]) -> dict[str, list[Any]]:
    return {
        "places": list(range(len(found))),
        "event_ids": [act.event_id for act, _, _ in found],
        "moments": [act.occurred_at for act, _, _ in found],
        "studies": [own.study_id for _, own, _ in found],
        "participants": [own.participant_id for _, own, _ in found],
        "kinds": [act.kind.value for act, _, _ in found],
        "others": [act.other_id for act, _, _ in found],
        "counterparts": [other for _, _, other in found],
    }


class _States:
    """Sessions and own posts of the people in a batch, counted on as its acts come."""

    def __init__(self, taken: Sequence[DictRow], found: Sequence[_Found]) -> None:
        self._states: dict[str, dict[str, Any]] = {}
        for one in taken:
            participant = found[one["place"]][1].participant_id
            self._states.setdefault(
                participant,
                {"participant_id": participant}
                | {name: one[name] for name in ("session", "posts", "last_at")},
            )

    def session_of(self, participant: str, at: datetime) -> int:
        """The session that an act of theirs belongs to; a new one after half an idle hour."""
        state = self._states[participant]
        last = state["last_at"]
        if last is None or at - last > IDLE:
            state["session"] += 1
        state["last_at"] = at if last is None else max(last, at)
        return int(state["session"])

    def next_post(self, participant: str) -> int:
        """The how-manieth post this is."""
        self._states[participant]["posts"] += 1
        return min(int(self._states[participant]["posts"]), MAX_ORDINAL)

    def changed(self) -> list[Mapping[str, Any]]:
        """What is to be remembered."""
        return list(self._states.values())


def _row(
    act: ActivityFact, own: Link, counterpart: str | None, taken: DictRow, states: _States
) -> dict[str, Any]:
    mine = own.participant_id
    is_doing = act.kind not in _DONE_TO_THEM
    side = taken["other_side"]
    return {
        "study_id": own.study_id,
        "participant_id": mine,
        "occurred_at": act.occurred_at,
        "kind": act.kind.value,
        "version": 1,
        "actor_role": taken["actor_role"],
        "other_side": side,
        "counterpart_id": counterpart if side == "participant" else None,
        "target": act.target,
        "intent": act.intent,
        "reaction": act.reaction,
        "length_band": act.length_band,
        "has_note": act.has_note,
        "ordinal": states.next_post(mine) if act.kind == ActivityKind.PUBLISHED else None,
        "latency_band": act.latency_band,
        "session": states.session_of(mine, act.occurred_at) if is_doing else None,
    }
