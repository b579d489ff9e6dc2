"""How many people a study has, and what they agree to: counts of persons, never who, and never
close enough to watch one of them come or go."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app.core import db
from app.research.models import ParticipantState, Purpose

#: A live count below this is not told, zero included.
SHOWN_FROM: Final = 10
#: Live counts are rounded down to a multiple of this: whoever looks every minute would otherwise
#: read off the minute in which somebody joined, and then knows who was on the wall just before.
STEP: Final = 5


def blurred(people: int) -> int | None:
    """A live count as it may be shown: rounded down, or None for fewer than SHOWN_FROM."""
    return None if people < SHOWN_FROM else people - people % STEP


@dataclass(frozen=True, slots=True)
class ParticipantCounts:
    """The people of one study by how they stand, and those who take part by purpose agreed to.

    Every count is blurred.
    """

    by_state: dict[ParticipantState, int | None]
    by_purpose: dict[Purpose, int | None]


_STATES: Final = """
    SELECT state, count(*) AS people FROM research.participants
    WHERE study_id = %s GROUP BY state
"""

_PURPOSES: Final = """
    SELECT c.purpose, count(*) AS people
    FROM research.participants p
    CROSS JOIN LATERAL (
      SELECT DISTINCT ON (purpose) purpose, act FROM research.consents
      WHERE participant_id = p.id ORDER BY purpose, id DESC) c
    WHERE p.study_id = %s AND p.state = 'taking_part' AND c.act = 'given'
    GROUP BY c.purpose
"""


async def of(pool: db.Pool, study_id: UUID) -> ParticipantCounts:
    """The people of a study, counted now."""
    states = {row["state"]: row["people"] for row in await db.fetch(pool, _STATES, (study_id,))}
    purposes = await db.fetch(pool, _PURPOSES, (study_id,))
    agreeing = {row["purpose"]: row["people"] for row in purposes}
    return ParticipantCounts(
        by_state={state: blurred(states.get(state, 0)) for state in ParticipantState},
        by_purpose={purpose: blurred(agreeing.get(purpose, 0)) for purpose in Purpose},
    )
