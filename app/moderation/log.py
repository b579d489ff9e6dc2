"""The moderation log: append-only, numbered without gaps and hash-chained by the database.

`append` comes last in a unit of work: the lock that orders the lines is held until the commit.
"""

import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final, LiteralString
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from psycopg import sql
from psycopg.rows import DictRow
from sqlalchemy.ext.asyncio import AsyncSession

from app.community.post_view import as_bytes
from app.core import clock, db, pages
from app.identity.actors import Actor
from app.moderation import chain, contradictions
from app.moderation.log_models import FORMER_ACTS, LogAct
from app.moderation.subjects import Subject

PAGE: Final = 50

_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Check:
    """What `check` found. The head is worth keeping elsewhere: it fixes all that came before."""

    is_intact: bool
    checked: int
    head_hash: str | None
    #: The first line that does not hold, and why; null when the log is intact.
    broken_seq: int | None = None
    why: str | None = None


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


def decision_digest(*fields: Any) -> str:
    """A decision's fields as one hash, so that the log vouches for words it does not hold."""
    canonical = "".join(chain.netstring(None if f is None else str(f)) for f in fields)
    return hashlib.sha256(canonical.encode()).hexdigest()


_LINES = f"""
    SELECT seq, format, at, act, actor_id, case_id, subject_kind, subject_id, subject_version,
      facts, prev_hash, hash
    FROM moderation.log WHERE seq > %s ORDER BY seq LIMIT {_BATCH}
"""  # noqa: S608 - a constant of ours


@dataclass(frozen=True, slots=True)
class Head:
    """A line up to which an earlier check found the log intact."""

    seq: int
    hash: bytes


async def check(pool: db.Pool, *, since: Head | None = None) -> Check:
    """Recompute the chain apart from the database, all of it or what follows a line that was
    checked before; names the first line that fails.

    Also holds cases, decisions and log against each other, so that dropping the newest lines, or
    all of them, which a chain alone can't tell, shows as a case or a decision without its line.
    """
    if since is not None and not await _stands(pool, since):
        whole = await check(pool)
        return Check(False, 0, None, since.seq, _REWRITTEN) if whole.broken_seq is None else whole
    seq, head = (0, chain.FIRST) if since is None else (since.seq, since.hash)
    while rows := await db.fetch(pool, _LINES, (seq,)):
        for row in rows:
            line = chain.Line(**row)
            if found := chain.broken(line, seq=seq + 1, prev_hash=head):
                return Check(False, seq, head.hex() if seq else None, found.seq, found.why)
            seq, head = line.seq, line.hash
    last = head.hex() if seq else None
    if why := await _contradiction(pool):
        return Check(False, seq, last, None, why)
    return Check(True, seq, last)


#: Of a line that is missing or another, in a log that fits together: all after it can be new.
_REWRITTEN: Final = "it is gone, or not the line that an earlier check found here"


async def _stands(pool: db.Pool, head: Head) -> bool:
    """Whether that line is there, with the hash that it had then."""
    rows = await db.fetch(pool, _LINES, (head.seq - 1,))
    if not rows:
        return False
    line = chain.Line(**rows[0])
    is_sound = chain.broken(line, seq=head.seq, prev_hash=line.prev_hash) is None
    return is_sound and line.hash == head.hash


#: Cases, decisions and lines, each held against the others: who empties two of them forgets one.
_DECIDED: Final = """
    SELECT coalesce(c.id, d.case_id, l.case_id) AS subject, c.id IS NOT NULL AS is_decided,
      d.id, d.case_id, d.subject_kind, d.subject_id, d.subject_version, d.moderator_id, d.act,
      d.reason, d.note_about, l.seq, l.format, l.second_seq, l.facts
    FROM (SELECT id FROM moderation.cases WHERE decision_id IS NOT NULL) c
    FULL JOIN moderation.decisions d ON d.case_id = c.id
    FULL JOIN (
      SELECT case_id, min(seq) AS seq, (array_agg(seq ORDER BY seq))[2] AS second_seq,
        (array_agg(facts ORDER BY seq))[1] AS facts,
        (array_agg(format ORDER BY seq))[1] AS format
      FROM moderation.log WHERE act = 'decided' GROUP BY case_id) l
      ON l.case_id = coalesce(c.id, d.case_id)
    ORDER BY coalesce(c.id, d.case_id, l.case_id)
"""

#: Steps and their lines, the same way.
_STEPS: Final = """
    SELECT coalesce(s.id, l.step_id) AS subject, s.*, l.seq, l.format, l.second_seq, l.facts,
      l.told_case_id, l.told_act
    FROM moderation.steps s
    FULL JOIN (
      SELECT (facts::jsonb ->> 'step_id')::uuid AS step_id, min(seq) AS seq,
        (array_agg(seq ORDER BY seq))[2] AS second_seq,
        (array_agg(facts ORDER BY seq))[1] AS facts,
        (array_agg(format ORDER BY seq))[1] AS format,
        (array_agg(case_id ORDER BY seq))[1] AS told_case_id,
        (array_agg(act ORDER BY seq))[1] AS told_act
      FROM moderation.log WHERE act IN ('reached_out', 'handed_over') GROUP BY 1) l
      ON l.step_id = s.id
    ORDER BY coalesce(s.id, l.step_id)
"""

#: Sanctions and what became of them, each beside the line that tells of it.
_SANCTIONS: Final = """
    SELECT coalesce(s.id, l.row_id) AS subject, s.id, s.case_id, s.said, l.seq, l.second_seq,
      l.facts
    FROM (
      SELECT id, case_id, to_jsonb(t) - 'place' AS said FROM moderation.sanctions t
      UNION ALL
      SELECT c.id, t.case_id, to_jsonb(c) - 'place' FROM moderation.sanction_changes c
      JOIN moderation.sanctions t ON t.id = c.sanction_id
    ) s
    FULL JOIN (
      SELECT coalesce(facts::jsonb ->> 'change_id', facts::jsonb ->> 'sanction_id')::uuid AS row_id,
        min(seq) AS seq, (array_agg(seq ORDER BY seq))[2] AS second_seq,
        (array_agg(facts ORDER BY seq))[1] AS facts
      FROM moderation.log
      WHERE act IN ('sanctioned', 'confirmed', 'declined', 'upheld', 'shortened', 'lifted', 'over')
      GROUP BY 1) l
      ON l.row_id = s.id
    ORDER BY coalesce(s.id, l.row_id)
"""

_UNTOLD = """
    SELECT c.id FROM moderation.cases c
    WHERE NOT EXISTS (SELECT FROM moderation.log l WHERE l.case_id = c.id)
    ORDER BY c.place LIMIT 1
"""


async def _contradiction(pool: db.Pool) -> str | None:
    for statement, disagreement in _HELD:
        if why := await _first(pool, statement, disagreement):
            return why
    untold = await db.fetch(pool, _UNTOLD)
    if untold:
        return f"no line tells of case {untold[0]['id']}"
    return await contradictions.find(pool)


def _disagreement(row: DictRow) -> str | None:
    case, seq = row["subject"], row["seq"]
    if row["id"] is None:
        if seq is None:
            return f"case {case} was decided, and neither the decision nor its line is there"
        return f"line {seq} tells of a decision that is not there"
    if seq is None:
        return f"the decision on case {case} has no line in the log"
    if row["second_seq"] is not None:
        return f"line {row['second_seq']} tells of a second decision on case {case}"
    if not row["is_decided"]:
        return f"case {case} is open, though line {seq} tells of its decision"
    if orjson.loads(row["facts"]).get("digest") != digest_of(row, row["format"]):
        return f"the decision on case {case} is not as line {seq} says"
    return None


def _step_disagreement(row: DictRow) -> str | None:
    seq = row["seq"]
    if row["id"] is None:
        return f"line {seq} tells of a step that is not there"
    if seq is None:
        return f"a step in case {row['case_id']} has no line in the log"
    if row["second_seq"] is not None:
        return f"line {row['second_seq']} tells of a step a second time"
    told = (row["told_case_id"], row["told_act"], orjson.loads(row["facts"]).get("digest"))
    if told != (row["case_id"], row["kind"], digest_of_step(row, row["format"])):
        return f"a step in case {row['case_id']} is not as line {seq} says"
    return None


def _sanction_disagreement(row: DictRow) -> str | None:
    seq = row["seq"]
    if row["id"] is None:
        return f"line {seq} tells of a sanction that is not there"
    if seq is None:
        return f"a sanction in case {row['case_id']} has no line in the log"
    if row["second_seq"] is not None:
        return f"line {row['second_seq']} tells of a sanction a second time"
    if orjson.loads(row["facts"]).get("digest") != digest_of_sanction(_as_written(row["said"])):
        return f"a sanction in case {row['case_id']} is not as line {seq} says"
    return None


def _as_written(said: dict[str, Any]) -> dict[str, Any]:
    """A row that came as JSON, with its moments as moments."""
    return {
        name: datetime.fromisoformat(value) if name.endswith("_at") and value else value
        for name, value in said.items()
    }


_HELD: Final[tuple[tuple[LiteralString, Callable[[DictRow], str | None]], ...]] = (
    (_DECIDED, _disagreement),
    (_STEPS, _step_disagreement),
    (_SANCTIONS, _sanction_disagreement),
)


async def _first(
    pool: db.Pool, statement: LiteralString, disagreement: Callable[[DictRow], str | None]
) -> str | None:
    """What the first row that fails says. By a cursor of the server: page by page, each page would
    join the whole log anew, and 50,000 decisions took fifty times as long."""
    async with (
        pool.connection() as connection,
        connection.cursor(name="log_check", withhold=True) as cursor,
    ):
        await cursor.execute(statement)
        while rows := await cursor.fetchmany(_BATCH):
            for row in rows:
                if why := disagreement(row):
                    return why
    return None


#: What a digest stood for in lines of format 1; from then on it says the kind of the subject too.
_BEFORE: Final = ("id", "case_id", "subject_id", "moderator_id")


def digest_of(decision: dict[str, Any], format_: int = chain.FORMAT) -> str:
    """The digest of a decision given as a row, as a line of that format holds it."""
    return _digest_of(decision, format_, "act", "reason", "note_about", "subject_version")


def digest_of_step(step: dict[str, Any], format_: int = chain.FORMAT) -> str:
    """The digest of a step given as a row, as a line of that format holds it."""
    return _digest_of(step, format_, "kind", "words", "subject_version")


def digest_of_sanction(row: dict[str, Any]) -> str:
    """The digest of a sanction, or of what became of one, given as a row: all that it says."""
    said = sorted((name, value) for name, value in row.items() if name != "place")
    return decision_digest(*(_said(value) for _, value in said))


def _said(value: Any) -> Any:
    return chain.moment(value) if isinstance(value, datetime) else value


def _digest_of(row: dict[str, Any], format_: int, *said: str) -> str:
    names = (*_BEFORE, *said) if format_ == 1 else ("subject_kind", *_BEFORE, *said)
    return decision_digest(*(row[name] for name in names))


@dataclass(frozen=True, slots=True)
class Filter:
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


async def list_(pool: db.Pool, actor: Actor, *, cursor: str | None, only: Filter) -> bytes:
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
