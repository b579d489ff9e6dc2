"""Whether the log is as it was written, and cases, decisions and sanctions as it says."""
# ruff: noqa: S608 - statements are put together from constants alone; values are parameters

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final, LiteralString

import orjson
from psycopg.rows import DictRow

from app.core import db
from app.moderation import chain, contradictions, digests

_BATCH: Final = 1_000


@dataclass(frozen=True, slots=True)
class Check:
    """What `check` found. The head is worth keeping elsewhere: it fixes all that came before."""

    is_intact: bool
    checked: int
    head_hash: str | None
    #: The first line that does not hold, and why; null when the log is intact.
    broken_seq: int | None = None
    why: str | None = None


_LINES = f"""
    SELECT {", ".join(field.name for field in fields(chain.Line))}
    FROM moderation.log WHERE seq > %s ORDER BY seq LIMIT {_BATCH}
"""


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


#: Of the lines that tell of one row: the first, and a second if there is one.
_TELLING: Final = """min(seq) AS seq, (array_agg(seq ORDER BY seq))[2] AS second_seq,
        (array_agg(facts ORDER BY seq))[1] AS facts,
        (array_agg(format ORDER BY seq))[1] AS format"""

#: Cases, decisions and lines, each held against the others: who empties two of them forgets one.
_DECIDED: Final = f"""
    SELECT coalesce(c.id, d.case_id, l.case_id) AS subject, c.id IS NOT NULL AS is_decided,
      d.id, d.case_id, d.subject_kind, d.subject_id, d.subject_version, d.moderator_id, d.act,
      d.reason, d.note_about, l.seq, l.format, l.second_seq, l.facts
    FROM (SELECT id FROM moderation.cases WHERE decision_id IS NOT NULL) c
    FULL JOIN moderation.decisions d ON d.case_id = c.id
    FULL JOIN (
      SELECT case_id, {_TELLING}
      FROM moderation.log WHERE act = 'decided' GROUP BY case_id) l
      ON l.case_id = coalesce(c.id, d.case_id)
    ORDER BY coalesce(c.id, d.case_id, l.case_id)
"""

#: Steps and their lines, the same way.
_STEPS: Final = f"""
    SELECT coalesce(s.id, l.step_id) AS subject, s.*, l.seq, l.format, l.second_seq, l.facts,
      l.told_case_id, l.told_act
    FROM moderation.steps s
    FULL JOIN (
      SELECT (facts::jsonb ->> 'step_id')::uuid AS step_id, {_TELLING},
        (array_agg(case_id ORDER BY seq))[1] AS told_case_id,
        (array_agg(act ORDER BY seq))[1] AS told_act
      FROM moderation.log WHERE act IN ('reached_out', 'handed_over') GROUP BY 1) l
      ON l.step_id = s.id
    ORDER BY coalesce(s.id, l.step_id)
"""

#: Sanctions and what became of them, each beside the line that tells of it.
_SANCTIONS: Final = f"""
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
        {_TELLING}
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
    if orjson.loads(row["facts"]).get("digest") != digests.of_decision(row, row["format"]):
        return f"the decision on case {case} is not as line {seq} says"
    return None


def _step_disagreement(row: DictRow) -> str | None:
    if why := _unpaired(row, "a step"):
        return why
    told = (row["told_case_id"], row["told_act"], orjson.loads(row["facts"]).get("digest"))
    if told != (row["case_id"], row["kind"], digests.of_step(row, row["format"])):
        return f"a step in case {row['case_id']} is not as line {row['seq']} says"
    return None


def _sanction_disagreement(row: DictRow) -> str | None:
    if why := _unpaired(row, "a sanction"):
        return why
    if orjson.loads(row["facts"]).get("digest") != digests.of_sanction(_as_written(row["said"])):
        return f"a sanction in case {row['case_id']} is not as line {row['seq']} says"
    return None


def _unpaired(row: DictRow, noun: str) -> str | None:
    """What is wrong where a row and the one line that tells of it are not both there."""
    if row["id"] is None:
        return f"line {row['seq']} tells of {noun} that is not there"
    if row["seq"] is None:
        return f"{noun} in case {row['case_id']} has no line in the log"
    if row["second_seq"] is not None:
        return f"line {row['second_seq']} tells of {noun} a second time"
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
