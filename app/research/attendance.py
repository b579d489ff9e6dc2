"""From the lists of meetings to what a study may know of them: who came, by their account or by the
code of a card, on which day since joining, how long, and in which group by a random number.

As of acts, no row is kept but by consent to `activity`, given in words that speak of meetings, and
none names a meeting or a time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import db
from app.core.events import Recorded
from app.identity import pseudonyms
from app.programme.events import AttendanceRecorded, AttendanceTakenBack
from app.research import deliveries

# Numbers of groups and areas refer to their study, so it is locked before people, as by who joins.
_LOCK_STUDIES: Final = """
    SELECT 1 FROM research.studies WHERE id = ANY (%s) ORDER BY id FOR KEY SHARE
"""

# Which of these may be recorded and have not been yet.
_TAKE: Final = f"""
    WITH told AS (
      SELECT * FROM unnest(%(places)s::integer[], %(event_ids)s::bigint[],
        %(moments)s::timestamptz[], %(studies)s::uuid[], %(participants)s::text[],
        %(kinds)s::text[]) AS t (place, event_id, held_at, study_id, participant_id, kind)
    ), fresh AS (
      INSERT INTO research.deliveries ({deliveries.KEY})
      SELECT {deliveries.KEY} FROM told
      WHERE research.may_record_meeting(participant_id, held_at)
      ON CONFLICT DO NOTHING
      RETURNING {deliveries.KEY}
    )
    SELECT place FROM fresh JOIN told USING ({deliveries.KEY}) ORDER BY place
"""  # noqa: S608 - a constant of ours

# The number of a group or an area: any that is free, for one that has none yet.
_DRAW: Final = """
    INSERT INTO research.clusters (study_id, kind, number, thing_id)
    SELECT %(study_id)s, %(kind)s, number, %(thing_id)s FROM generate_series(1, 9999) number
    WHERE NOT EXISTS (SELECT FROM research.clusters
        WHERE study_id = %(study_id)s AND kind = %(kind)s AND thing_id = %(thing_id)s)
      AND number NOT IN (SELECT c.number FROM research.clusters c
        WHERE c.study_id = %(study_id)s AND c.kind = %(kind)s)
    ORDER BY gen_random_uuid() LIMIT 1
"""

_FIELDS: Final = (
    "study_id, participant_id, occurred_at, minutes, mode, group_cluster, area_cluster, times"
)
_CAME: Final = f"""
    INSERT INTO research.attendances ({_FIELDS})
    SELECT g.study_id, %(participant_id)s, %(held_at)s, %(minutes)s, %(mode)s, g.number, a.number, 1
    FROM research.clusters g
    LEFT JOIN research.clusters a
      ON a.study_id = g.study_id AND a.kind = 'area' AND a.thing_id = %(area_id)s
    WHERE g.study_id = %(study_id)s AND g.kind = 'group' AND g.thing_id = %(group_id)s
"""  # noqa: S608 - joins constants
# With what was noted then: the group may have another mode or area by now. Whoever agreed only
# afterwards was never on the list of this study, and is not taken off it.
_TAKEN_OFF: Final = f"""
    INSERT INTO research.attendances ({_FIELDS})
    SELECT a.study_id, a.participant_id, %(held_at)s, a.minutes, a.mode, a.group_cluster,
      a.area_cluster, -1
    FROM research.attendances a
    JOIN research.participants p ON p.id = a.participant_id
    JOIN research.clusters g
      ON g.study_id = a.study_id AND g.kind = 'group' AND g.number = a.group_cluster
    WHERE a.study_id = %(study_id)s AND a.participant_id = %(participant_id)s
      AND a.day = research.local_date(%(held_at)s) - p.enrolled_on
      AND a.minutes = %(minutes)s AND g.thing_id = %(group_id)s
    GROUP BY a.study_id, a.participant_id, a.minutes, a.mode, a.group_cluster, a.area_cluster
    HAVING sum(a.times) > 0 LIMIT 1
"""  # noqa: S608 - joins constants


@dataclass(frozen=True, slots=True)
class AttendanceFact:
    """One participant at one meeting, as an event told it."""

    event_id: int
    kind: str
    study_id: UUID
    participant_id: str
    group_id: UUID
    area_id: UUID | None
    mode: str
    held_at: datetime
    minutes: int

    @property
    def came(self) -> bool:
        """Whether they came, or were taken off the list again."""
        return self.kind == AttendanceRecorded.event_type


async def write(session: AsyncSession, found: Sequence[Recorded]) -> None:
    """Turn lists of meetings into rows, where consent to that is in force. Writing one again
    changes nothing."""
    facts = await _of_participants(session, found)
    connection = await db.driver(session)
    if facts:
        await connection.execute(_LOCK_STUDIES, ([one.study_id for one in facts],))
    await deliveries.begin(session, sorted({one.participant_id for one in facts}))
    if not facts:
        return
    cursor = await connection.execute(_TAKE, _columns(facts))
    for (place,) in await cursor.fetchall():
        await _keep(session, facts[place])


async def _of_participants(
    session: AsyncSession, found: Iterable[Recorded]
) -> list[AttendanceFact]:
    """Every event in every study of whom it is about, in the order in which they happened."""
    told = [
        (recorded.id, event)
        for recorded in found
        if isinstance(event := recorded.event(), AttendanceRecorded | AttendanceTakenBack)
    ]
    people: dict[UUID | str, list[tuple[UUID, str]]] = {}
    members = {event.member_id for _, event in told if event.member_id}
    for link in await pseudonyms.participants_of(session, members):
        people.setdefault(link.member_id, []).append((link.study_id, link.participant_id))
    codes = {event.code for _, event in told if event.code}
    for card in await pseudonyms.participants_of_codes(session, codes):
        people.setdefault(card.code, []).append((card.study_id, card.participant_id))
    return [
        AttendanceFact(
            event_id=number,
            kind=event.type,
            study_id=study_id,
            participant_id=participant_id,
            group_id=event.group_id,
            area_id=event.area_id,
            mode=event.mode,
            held_at=event.held_at,
            minutes=event.minutes,
        )
        for number, event in told
        for study_id, participant_id in people.get(event.member_id or event.code or "", ())
    ]


def _columns(facts: Sequence[AttendanceFact]) -> dict[str, list[object]]:
    return {
        "places": list(range(len(facts))),
        "event_ids": [one.event_id for one in facts],
        "moments": [one.held_at for one in facts],
        "studies": [one.study_id for one in facts],
        "participants": [one.participant_id for one in facts],
        "kinds": [one.kind for one in facts],
    }


async def _keep(session: AsyncSession, fact: AttendanceFact) -> None:
    connection = await db.driver(session)
    if not fact.came:
        await connection.execute(_TAKEN_OFF, asdict(fact))
        return
    for kind, thing_id in (("group", fact.group_id), ("area", fact.area_id)):
        if thing_id is not None:
            asked = {"study_id": fact.study_id, "kind": kind, "thing_id": thing_id}
            await connection.execute(_DRAW, asked)
    await connection.execute(_CAME, asdict(fact))
