"""What was flagged before of what the same author wrote, and what became of it."""
# ruff: noqa: S608 - statements are put together from constants alone; values are parameters

from typing import Any, Final

from psycopg.rows import DictRow, dict_row
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import db
from app.identity.actors import Actor
from app.moderation import policies, queue

#: Cases shown, the latest first; the figures count all of them.
SHOWN: Final = 10

# Not what the moderator flagged themselves: nothing of it is shown to them, here as elsewhere.
_CASES: Final = f"""
    SELECT c.id, c.place, c.post_id, c.opened_at, c.is_worried, c.report_count, c.worried_count,
      d.act, d.note_about, d.decided_at, m.display_name AS moderator_name
    FROM community.posts p
    JOIN moderation.cases c ON c.post_id = p.id
    LEFT JOIN moderation.decisions d ON d.id = c.decision_id
    LEFT JOIN community.members m ON m.id = d.moderator_id
    WHERE p.author_id = %(author_id)s AND c.id <> %(case_id)s AND c.post_id <> %(post_id)s
      AND NOT (EXISTS (SELECT FROM moderation.reports o
          WHERE o.case_id = c.id AND o.reporter_id = %(viewer)s) AND {policies.OTHERS})
"""

_LATEST: Final = f"""
    SELECT found.*,
      {queue.reasons_of("found")} AS reasons,
      EXISTS (SELECT FROM moderation.steps s
        WHERE s.case_id = found.id AND s.kind = 'reached_out') AS was_reached_out_to
    FROM ({_CASES}) found ORDER BY found.place DESC LIMIT {SHOWN}
"""

_FIGURES: Final = f"""
    SELECT count(*)::integer AS cases, count(*) FILTER (WHERE is_worried)::integer AS worried,
      count(*) FILTER (WHERE act = 'fold')::integer AS folded,
      count(*) FILTER (WHERE act = 'hide')::integer AS hidden
    FROM ({_CASES}) found
"""


async def read(session: AsyncSession, actor: Actor, case: DictRow) -> dict[str, Any]:
    """Cases about other posts of the same author: how many, and the latest of them."""
    asked = {
        "author_id": case["author_id"],
        "case_id": case["id"],
        "post_id": case["post_id"],
        "viewer": actor.member_id,
    }
    connection = await db.driver(session)
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_FIGURES, asked)
        (figures,) = await cursor.fetchall()
        await cursor.execute(_LATEST, asked)
        latest = [_shape(row) for row in await cursor.fetchall()]
    return figures | {"latest": latest}


def _shape(row: DictRow) -> dict[str, Any]:
    act = row["act"]
    outcome = {name: row[name] for name in ("act", "note_about", "moderator_name", "decided_at")}
    names = ("id", "opened_at", "is_worried", "report_count", "worried_count", "reasons")
    return {name: row[name] for name in names} | {
        "was_reached_out_to": row["was_reached_out_to"],
        "outcome": None if act is None else outcome,
    }
