"""How many people a study has, and what they agree to: counts of persons, never who."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app.core import db
from app.research.models import ParticipantState, Purpose


@dataclass(frozen=True, slots=True)
class Headcount:
    """The people of one study by how they stand, and those who take part by purpose agreed to."""

    by_state: dict[ParticipantState, int]
    by_purpose: dict[Purpose, int]


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


async def of(pool: db.Pool, study_id: UUID) -> Headcount:
    """The people of a study, counted now."""
    states = await db.fetch(pool, _STATES, (study_id,))
    purposes = await db.fetch(pool, _PURPOSES, (study_id,))
    return Headcount(
        by_state={ParticipantState(row["state"]): row["people"] for row in states},
        by_purpose={Purpose(row["purpose"]): row["people"] for row in purposes},
    )
