"""Rows of single acts, as codes: straight from the database into a Parquet file, never all held."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final
from uuid import UUID

import psycopg
import pyarrow as pa
from psycopg import sql
from pyarrow import compute

from app.research import codebook
from app.research.bands import Options
from app.research.codebook import CODED, NONE, NUMBERS, OTHERS, UNSAID
from app.research.exports import copying, schemas
from app.research.exports.source import Reached
from app.research.period_file import PERSON
from app.research.special_codes import NOT_ANSWERED, NOT_APPLICABLE

#: In the order of participants and days, and by chance within a part of a day: rows in the order
#: of time would tell who acted before whom.
_ACTS: Final = """
    WITH reached AS MATERIALIZED (
      SELECT * FROM unnest({who}::text[], {first}::integer[], {last}::integer[])
        AS r (participant_id, first_day, last_day))
    SELECT a.participant_id, a.day, {coded},
      CASE WHEN a.other_side IS NULL OR a.other_side = 'self' THEN {none}
        WHEN a.counterpart_id IN (SELECT participant_id FROM reached) THEN a.counterpart_id
        ELSE {others} END,
      {numbers}
    FROM research.activities a
    WHERE a.study_id = {study} AND a.participant_id BETWEEN {from} AND {to}
      AND EXISTS (SELECT FROM reached r
        WHERE r.participant_id = a.participant_id AND a.day BETWEEN r.first_day AND r.last_day)
    ORDER BY a.participant_id, a.day, array_position(
      ARRAY['night', 'morning', 'afternoon', 'evening'], a.time_band), random()
"""

_SIZES: Final = """
    SELECT participant_id, count(*) FROM research.activities WHERE study_id = %s
    GROUP BY participant_id ORDER BY participant_id
"""
#: Acts sorted at once: in memory. Sorted together, ten million made temporary files of a gigabyte,
#: and commits waited while the disk was busy with them.
_SORTED: Final = 500_000

#: The first and the last of some participants, in order.
People = tuple[str, str]


def write(
    connection: psycopg.Connection, study_id: UUID, reached: Sequence[Reached], path: Path
) -> int:
    """Write the file of acts; returns its rows."""
    sizes = connection.execute(_SIZES, (study_id,)).fetchall()
    connection.execute("SELECT setseed(0.5)")
    queries = (_query(study_id, reached, people) for people in parts(sizes, _SORTED))
    columns = schemas.leaving("acts", Options())
    return copying.write(connection, queries, columns, path)


def parts(sizes: Iterable[tuple[str, int]], most: int) -> Iterator[People]:
    """People in order, in parts of at most so many acts together; more where one person has more.
    `sizes` tells each one's acts."""
    first, last, acts = "", "", 0
    for participant, own in sizes:
        if first and acts + own > most:
            yield first, last
            first, acts = "", 0
        first, last, acts = first or participant, participant, acts + own
    if first:
        yield first, last


def _query(study_id: UUID, reached: Sequence[Reached], people: People) -> sql.Composed:
    return sql.SQL(_ACTS).format(
        **{"from": sql.Literal(people[0]), "to": sql.Literal(people[1])},
        who=sql.Literal([one.participant for one in reached]),
        first=sql.Literal([one.first_day for one in reached]),
        last=sql.Literal([one.last_day for one in reached]),
        study=sql.Literal(study_id),
        coded=sql.SQL(", ").join(_code(name) for name in CODED),
        numbers=sql.SQL(", ").join(
            sql.SQL("coalesce({}, {})").format(sql.Identifier(name), NOT_APPLICABLE)
            for name in NUMBERS
        ),
        others=sql.Literal(OTHERS),
        none=sql.Literal(NONE),
    )


def _code(name: str) -> sql.Composed:
    """The number of a field's value; what was left unsaid apart from what does not apply."""
    cases = sql.SQL(" ").join(
        sql.SQL("WHEN {} THEN {}").format(sql.Literal(value), sql.Literal(code))
        for value, code in codebook.code_of(name).items()
    )
    missing: sql.Composable = sql.Literal(NOT_APPLICABLE)
    if name in UNSAID:
        missing = sql.SQL("CASE a.kind WHEN {} THEN {} ELSE {} END").format(
            sql.Literal(UNSAID[name]), sql.Literal(NOT_ANSWERED), sql.Literal(NOT_APPLICABLE)
        )
    return sql.SQL("CASE {}::text {} ELSE {} END").format(sql.Identifier(name), cases, missing)


def only(frozen: Path, left: Sequence[str], path: Path) -> int:
    """The same file with those alone who are left, also as the other side; returns its rows."""
    columns = schemas.leaving("acts", Options())
    return copying.write_blocks(_known(frozen, left, columns), columns, path)


def _known(frozen: Path, left: Sequence[str], columns: pa.Schema) -> Iterator[pa.Table]:
    known = pa.array([*left, OTHERS, NONE], pa.string())
    place = columns.get_field_index("counterpart")
    for kept in copying.filtered(frozen, left, (PERSON,)):
        other = compute.if_else(
            compute.is_in(kept["counterpart"], known), kept["counterpart"], OTHERS
        )
        yield kept.set_column(place, columns.field(place), other)
