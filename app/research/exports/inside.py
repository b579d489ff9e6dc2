"""The files that never leave, which measures are computed from: people, their days, who gave to
whom, how long posts waited, and the groups that people came to."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final
from uuid import UUID

import polars as pl
import psycopg
import pyarrow as pa
from psycopg import sql
from pyarrow import parquet

from app.research import inside_columns
from app.research.bands import ANSWERS, Options
from app.research.exports import copying, schemas
from app.research.period_file import PERSON
from app.research.registry import FIELDS
from app.research.special_codes import NOT_ANSWERED, NOT_APPLICABLE

_PEOPLE: Final = """
    SELECT p.participant_id, p.joined, coalesce(p.first_day, {none}), coalesce(p.last_day, {none}),
      coalesce(p.ended, {none}), {answers}
    FROM research.people_of({study}, {until}) p
    JOIN research.participants t ON t.study_id = {study} AND t.id = p.participant_id
    ORDER BY 1
"""
#: As in `source`, days are made before anybody's last day is asked for.
_DAYS: Final = """
    WITH by_day AS (
      SELECT participant_id, day,
        max((kind NOT IN ('received', 'lost'))::int) AS is_active,
        count(*) FILTER (WHERE kind = 'published') AS published,
        coalesce(sum(seconds), 0) AS seconds,
        max((kind = 'break_taken')::int) AS is_away
      FROM research.activities WHERE study_id = {study} GROUP BY 1, 2
    ), acts AS (
      SELECT by_day.* FROM by_day
      JOIN research.last_days({study}, {until}) USING (participant_id) WHERE day <= last_day
    ), came AS (
      SELECT participant_id, day, 1 AS is_active
      FROM research.attendances JOIN research.last_days({study}, {until}) USING (participant_id)
      WHERE study_id = {study} AND day <= last_day GROUP BY 1, 2 HAVING sum(times) > 0
    ), away AS (SELECT participant_id, day, 1 AS is_away FROM research.away_days({study}, {until}))
    SELECT participant_id, day, greatest(a.is_active, c.is_active, 0),
      coalesce(a.published, 0), coalesce(a.seconds, 0), greatest(a.is_away, w.is_away, 0)
    FROM acts a FULL JOIN came c USING (participant_id, day)
    FULL JOIN away w USING (participant_id, day) ORDER BY 1, 2
"""
#: A reply that its author deleted names no other side, so it can't be taken off here.
_PAIRS: Final = """
    SELECT a.participant_id, a.counterpart_id,
      sum(CASE a.kind WHEN 'took_back' THEN -1 ELSE 1 END) AS giving
    FROM research.activities a
    JOIN research.last_days({study}, {until}) g ON g.participant_id = a.participant_id
    JOIN research.last_days({study}, {until}) r ON r.participant_id = a.counterpart_id
    WHERE a.study_id = {study} AND a.day <= g.last_day AND a.other_side = 'participant'
      AND a.kind IN ('replied', 'reacted', 'took_back')
    GROUP BY 1, 2 HAVING sum(CASE a.kind WHEN 'took_back' THEN -1 ELSE 1 END) > 0 ORDER BY 1, 2
"""
_ANSWERED: Final = """
    SELECT participant_id, day, CASE other_side WHEN 'staff' THEN 2 ELSE 1 END,
      array_position({bands}::text[], latency_band), count(*)
    FROM research.activities JOIN research.last_days({study}, {until}) USING (participant_id)
    WHERE study_id = {study} AND day <= last_day AND kind = 'received' AND reaction IS NULL
      AND latency_band IS NOT NULL AND other_side <> 'self'
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""
_QUERIES: Final = {"people": _PEOPLE, "days": _DAYS, "pairs": _PAIRS, "answered": _ANSWERED}
#: Which columns name people, where it is more than the participant.
_BOTH: Final = {"pairs": (PERSON, "counterpart")}


def write(
    connection: psycopg.Connection,
    study_id: UUID,
    until: date,
    groups: Sequence[Mapping[str, int | str]],
    folder: Path,
) -> dict[str, int]:
    """Write these files into a folder; returns the rows of each. `groups` is handed in, for
    research knows none."""
    parts = {
        "study": sql.Literal(study_id),
        "until": sql.Literal(until),
        "none": sql.Literal(NOT_APPLICABLE),
        "bands": sql.Literal(list(FIELDS["latency_band"].values)),
        "answers": sql.SQL(", ").join(_answer(name) for name in ANSWERS),
    }
    rows = {
        name: copying.write(
            connection, [sql.SQL(query).format(**parts)], _columns(name), path_of(folder, name)
        )
        for name, query in _QUERIES.items()
    }
    table = schemas.table(pl.DataFrame(groups), _columns("groups"))
    parquet.write_table(table, path_of(folder, "groups"), compression="zstd")
    return {**rows, "groups": table.num_rows}


def only(frames: Mapping[str, Path], left: Sequence[str], folder: Path) -> dict[str, int]:
    """The same files with those alone who are left, on either side; returns the rows of each."""
    return {
        name: copying.write_blocks(
            copying.filtered(
                frames[name], left, () if name == "groups" else _BOTH.get(name, (PERSON,))
            ),
            _columns(name),
            path_of(folder, name),
        )
        for name in inside_columns.FILES
        if name in frames
    }


def path_of(folder: Path, name: str) -> Path:
    """Where a file is written."""
    return folder / f"{name}.parquet"


def _columns(name: str) -> pa.Schema:
    return schemas.leaving(name, Options())


def _answer(name: str) -> sql.Composed:
    """The place of an answer among those that can be given, from 1."""
    return sql.SQL("coalesce(array_position({}::text[], t.{}), {})").format(
        sql.Literal([str(one) for one in ANSWERS[name]]), sql.Identifier(name), NOT_ANSWERED
    )
