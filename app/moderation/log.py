"""The moderation log: append-only, numbered without gaps and hash-chained by the database.

`append` comes last in a unit of work: the lock that orders the lines is held until the commit.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from psycopg import sql
from psycopg.rows import DictRow
from sqlalchemy.ext.asyncio import AsyncSession

from app.community.post_view import as_bytes
from app.core import clock, db, pages
from app.identity.actors import Actor
from app.moderation.log_models import FORMER_ACTS, LogAct
from app.moderation.subjects import Subject

PAGE: Final = 50

_APPEND = """
    INSERT INTO moderation.log
      (at, act, actor_id, case_id, subject_kind, subject_id, subject_version, facts)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""


async def append(
    session: AsyncSession,
    case_id: UUID,
    subject: Subject,
    act: LogAct,
    *,
    actor_id: UUID | None,
    **facts: Any,
) -> None:
    """Write a line about a case, whose subject was at that version, into the transaction of
    `session`. Facts are ids and small words only."""
    connection = await db.driver(session)
    about = (case_id, subject.kind, subject.id, subject.version)
    done = (clock.now(), act.value, actor_id)
    await connection.execute(_APPEND, (*done, *about, _canonical(facts)))


def _canonical(facts: dict[str, Any]) -> str:
    return orjson.dumps(facts, option=orjson.OPT_SORT_KEYS).decode()


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which lines: those of one case, by one person, of one act, within a span of time."""

    case_id: UUID | None = None
    actor_id: UUID | None = None
    act: LogAct | None = None
    since: datetime | None = None
    until: datetime | None = None


def span(since: date | None, until: date | None, *, zone: str) -> dict[str, datetime | None]:
    """From the first moment of one day until the last of another, on the team's clock."""
    after = None if until is None or until == date.max else until + timedelta(days=1)
    return {"since": _midnight(since, zone), "until": _midnight(after, zone)}


def _midnight(day: date | None, zone: str) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), ZoneInfo(zone))


_LIST: Final = sql.SQL("""
    SELECT l.seq, l.at, l.act, l.case_id, l.format, l.facts,
           l.subject_kind, l.subject_id, l.subject_version,
           encode(l.hash, 'hex') AS hash,
           l.actor_id, m.display_name AS actor_name
    FROM moderation.log l
    LEFT JOIN community.members m ON m.id = l.actor_id
    WHERE l.seq < %(before)s AND {conditions}
      NOT EXISTS (SELECT FROM community.posts p
                  WHERE p.id = l.subject_id AND p.author_id = %(viewer)s)
    ORDER BY l.seq DESC
    LIMIT 51
""")
#: Put into the statement only where something is asked for, and with its value: how many lines
#: an act or a person has differs so much that no plan is right for all (for a rare act, the one of
#: the common acts reads the whole log).
_CONDITIONS: Final = {
    "case_id": sql.SQL("l.case_id = {} AND "),
    "actor_id": sql.SQL("l.actor_id = {} AND "),
    "act": sql.SQL("l.act = {} AND "),
    "acts": sql.SQL("l.act = ANY ({}) AND "),
    "since": sql.SQL("l.at >= {} AND "),
    "until": sql.SQL("l.at < {} AND "),
}


async def list_(pool: db.Pool, actor: Actor, *, cursor: str | None, only: LogFilter) -> bytes:
    """The log, newest first, as ready bytes. A moderator who wrote the post reads no line of it:
    who looked at it and who decided is nothing an author is told."""
    (before,) = pages.decode(cursor, pages.number) or (pages.LARGEST,)
    asked = {name: value for name, value in asdict(only).items() if value is not None}
    if former := [word for word, act in FORMER_ACTS.items() if act is only.act]:
        asked["acts"] = [*former, asked.pop("act")]
    found = [_CONDITIONS[name].format(sql.Literal(value)) for name, value in asked.items()]
    statement = _LIST.format(conditions=sql.Composed(found))
    rows = await db.fetch(pool, statement, {"before": before, "viewer": actor.member_id})
    items = [_readable(row) for row in rows[:PAGE]]
    following = pages.encode(items[-1]["seq"]) if len(rows) > PAGE else None
    return as_bytes({"items": items, "next_cursor": following})


# One step of the index for each person, however many lines they wrote.
_PEOPLE: Final = """
    WITH RECURSIVE found AS (
      (SELECT actor_id FROM moderation.log WHERE actor_id IS NOT NULL ORDER BY actor_id LIMIT 1)
      UNION ALL
      SELECT (SELECT l.actor_id FROM moderation.log l WHERE l.actor_id > found.actor_id
              ORDER BY l.actor_id LIMIT 1)
      FROM found WHERE found.actor_id IS NOT NULL
    )
    SELECT m.id, m.display_name FROM found JOIN community.members m ON m.id = found.actor_id
    ORDER BY lower(m.display_name), m.id
"""


async def people(pool: db.Pool) -> list[DictRow]:
    """Everyone whose name stands in the log, to choose from."""
    return await db.fetch(pool, _PEOPLE, {})


def _readable(row: dict[str, Any]) -> dict[str, Any]:
    actor_id, name = row.pop("actor_id"), row.pop("actor_name")
    row["actor"] = None if actor_id is None else {"id": actor_id, "display_name": name}
    row["act"] = FORMER_ACTS.get(row["act"], row["act"])
    row["subject"] = {name: row.pop(f"subject_{name}") for name in ("kind", "id", "version")}
    row["facts"] = orjson.loads(row["facts"])
    return row
