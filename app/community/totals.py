"""Totals of the whole community by period, rounded: they stand beside a study's, so that it shows
whether those who take part are like all. Nobody can be told apart in them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from psycopg.rows import dict_row
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import db

#: Persons up to this are withheld, others rounded to 5; acts are rounded to 10 and withheld where
#: fewer than 10 persons did them.
WITHHELD: Final = -8
_FEW: Final = 7
_ENOUGH: Final = 10

_TOTALS: Final = """
    WITH periods AS (
      SELECT n + 1 AS period,
        %(since)s::timestamptz + make_interval(days => n * %(days)s) AS begins,
        least(%(since)s::timestamptz + make_interval(days => (n + 1) * %(days)s), %(until)s)
          AS ends
      FROM generate_series(0, greatest(0, extract(epoch FROM %(until)s::timestamptz - %(since)s)
        / 86400 / %(days)s)::int) n
      WHERE %(since)s::timestamptz + make_interval(days => n * %(days)s) < %(until)s)
    SELECT p.period,
      (SELECT count(*) FROM community.members m
        WHERE m.joined_at < p.ends AND (m.left_at IS NULL OR m.left_at >= p.ends)) AS members,
      w.writers, w.posts, w.repliers, w.replies, g.reactors, g.reactions
    FROM periods p
    CROSS JOIN LATERAL (
      SELECT count(DISTINCT o.author_id) FILTER (WHERE o.parent_id IS NULL) AS writers,
        count(*) FILTER (WHERE o.parent_id IS NULL) AS posts,
        count(DISTINCT o.author_id) FILTER (WHERE o.author_id <> r.author_id) AS repliers,
        count(*) FILTER (WHERE o.author_id <> r.author_id) AS replies
      FROM community.posts o JOIN community.posts r ON r.id = o.thread_id
      WHERE o.created_at >= p.begins AND o.created_at < p.ends
        AND o.withdrawn_at IS NULL AND o.visibility = 'visible') w
    CROSS JOIN LATERAL (
      SELECT count(DISTINCT member_id) AS reactors, count(*) AS reactions
      FROM community.reactions WHERE created_at >= p.begins AND created_at < p.ends) g
    ORDER BY p.period
"""


async def by_period(
    session: AsyncSession, /, *, since: datetime, until: datetime, days: int
) -> Sequence[Mapping[str, int]]:
    """Rounded totals for each period of `days` since a moment; at least one."""
    connection = await db.driver(session)
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_TOTALS, {"since": since, "until": until, "days": days})
        return [_rounded(row) for row in await cursor.fetchall()]


def _rounded(row: Mapping[str, int]) -> Mapping[str, int]:
    return {
        "period": row["period"],
        "members": persons(row["members"]),
        "writers": persons(row["writers"]),
        "repliers": persons(row["repliers"]),
        "reactors": persons(row["reactors"]),
        "posts": acts(row["posts"], by=row["writers"]),
        "replies": acts(row["replies"], by=row["repliers"]),
        "reactions": acts(row["reactions"], by=row["reactors"]),
    }


def persons(count: int) -> int:
    """A count of persons as it may be shown."""
    return WITHHELD if 0 < count <= _FEW else (count + 2) // 5 * 5


def acts(count: int, *, by: int) -> int:
    """A count of acts by so many persons as it may be shown."""
    return WITHHELD if 0 < by < _ENOUGH else (count + 5) // 10 * 10
