"""The rows of a dataset, as the role that may read research and nothing else.

The bytes that PostgreSQL sends are the content: every format is made from them, and their hash
must be what was recorded when the dataset was first read. Rows are never all in memory.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Final, LiteralString
from uuid import UUID

import psycopg
from psycopg import sql

from app.research import codebook
from app.research.codebook import OTHERS

ROLE: Final = "alongside_research"
#: Rows handed on at once. Fixed, so that the row groups of a Parquet file are always the same;
#: few, for beyond 700 live objects the garbage collector walks them again and again and the
#: export takes three times as long.
BLOCK: Final = 256

Line = bytes | bytearray | memoryview
#: Takes the line with the names of the columns, then blocks of rows.
Sink = Callable[[bytes], object]


@dataclass(frozen=True, slots=True)
class Cut:
    """What an export needs to know of a dataset."""

    dataset_id: UUID
    cutoff_id: int


@dataclass(frozen=True, slots=True)
class Read:
    """How many rows a file has, and the hash of its content."""

    rows: int
    sha256: str


_PARTICIPANTS: Final = """
    SELECT participant_id, tenure_band, age_band, area, peer_support_before
    FROM research.dataset_participants WHERE dataset_id = {dataset} ORDER BY participant_id
"""

#: In the order of participants, not of time: rows of different people side by side would tell
#: who acted before whom, which the relative days were to hide.
_ACTIVITIES: Final = """
    SELECT a.participant_id, a.day, a.hour_band, a.kind,
      CASE WHEN a.counterpart_id IN (SELECT participant_id FROM research.dataset_participants
        WHERE dataset_id = {dataset}) THEN a.counterpart_id END,
      a.intent, a.reaction, a.length_band,
      CASE WHEN a.has_note THEN 'yes' WHEN NOT a.has_note THEN 'no' END, a.seconds
    FROM research.dataset_participants d
    JOIN research.activities a ON a.participant_id = d.participant_id
    WHERE d.dataset_id = {dataset} AND a.id <= {cutoff}
    ORDER BY d.participant_id, a.id
"""

_TIES: Final = """
    WITH inside AS MATERIALIZED (
      SELECT participant_id AS id FROM research.dataset_participants WHERE dataset_id = {dataset}),
    acts AS (
      SELECT a.participant_id AS own, a.kind, a.reaction,
        CASE WHEN a.counterpart_id IN (SELECT id FROM inside) THEN a.counterpart_id
          ELSE {others} END AS other
      FROM research.activities a
      WHERE a.participant_id IN (SELECT id FROM inside) AND a.id <= {cutoff}
        AND a.kind IN ('replied', 'reacted', 'received')
        AND a.counterpart_id IS DISTINCT FROM a.participant_id)
    SELECT giver, receiver, replies, reactions FROM (
      SELECT own AS giver, other AS receiver, count(*) FILTER (WHERE kind = 'replied') AS replies,
        count(*) FILTER (WHERE kind = 'reacted') AS reactions
      FROM acts WHERE kind <> 'received' GROUP BY own, other
      UNION ALL
      SELECT {others}, own, count(*) FILTER (WHERE reaction IS NULL), count(reaction)
      FROM acts WHERE kind = 'received' AND other = {others} GROUP BY own) t
    ORDER BY giver COLLATE "C", receiver COLLATE "C"
"""


_QUERIES: Final[dict[str, LiteralString]] = {
    "participants": _PARTICIPANTS,
    "activities": _ACTIVITIES,
    "ties": _TIES,
}

_ALWAYS: Final = ("statement_timeout = 0", "jit = off", "work_mem = '64MB'")
#: Participant by participant from the index that holds all that is read: nothing to sort, and no
#: page of the table is touched once autovacuum has been there. A dataset just frozen has no
#: statistics that would say so.
_BY_INDEX: Final = ("enable_seqscan = off", "enable_hashjoin = off", "enable_mergejoin = off")
#: One pass over the table and a hash of who is in: ties need every row anyway, in no order.
_ONE_PASS: Final = (
    "enable_seqscan = on",
    "enable_hashjoin = on",
    "enable_nestloop = off",
    "enable_indexscan = off",
    "enable_bitmapscan = off",
)
_PLANS: Final[dict[str, tuple[LiteralString, ...]]] = {
    "participants": (),
    "activities": _BY_INDEX,
    "ties": _ONE_PASS,
}


@contextmanager
def reading(url: str, *, view: str | None = None) -> Iterator[psycopg.Cursor]:
    """One view of the data from beginning to end, as the research role.

    With `view` the very one of another cursor (`share`), so that two can read side by side.
    """
    with psycopg.connect(url, connect_timeout=5, application_name="alongside export") as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        with connection.transaction(), connection.cursor() as cursor:
            if view is not None:
                cursor.execute(sql.SQL("SET TRANSACTION SNAPSHOT {}").format(sql.Literal(view)))
            cursor.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(ROLE)))
            for setting in _ALWAYS:
                cursor.execute(f"SET LOCAL {setting}")
            yield cursor


def share(cursor: psycopg.Cursor) -> str:
    """The view of this cursor, for others to read while it is open."""
    return str(cursor.execute("SELECT pg_export_snapshot()").fetchall()[0][0])


def read(cursor: psycopg.Cursor, cut: Cut, file: str, sink: Sink) -> Read:
    """Send a file to `sink`, block by block; returns what it was."""
    digest = hashlib.sha256()
    header = (",".join(codebook.names(file)) + "\n").encode()
    digest.update(header)
    sink(header)
    count = 0
    lines = _lines(cursor, cut, file)
    while rows := list(islice(lines, BLOCK)):
        block = b"".join(rows)
        digest.update(block)
        sink(block)
        count += len(rows)
    return Read(rows=count, sha256=digest.hexdigest())


def _lines(cursor: psycopg.Cursor, cut: Cut, file: str) -> Iterator[Line]:
    query = sql.SQL(_QUERIES[file]).format(
        dataset=sql.Literal(cut.dataset_id),
        cutoff=sql.Literal(cut.cutoff_id),
        others=sql.Literal(OTHERS),
    )
    for setting in _PLANS[file]:
        cursor.execute(f"SET LOCAL {setting}")
    with cursor.copy(sql.SQL("COPY ({}) TO STDOUT (FORMAT csv)").format(query)) as copy:
        yield from copy
