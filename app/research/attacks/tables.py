"""The tables on both sides of a join: what the research role may read, and everything else.

Read as superuser, for the question is what columns would tell if somebody had both sides.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg import sql

ROLE: Final = "alongside_research"
#: The links are the truth: they are only looked at to score.
LINKS: Final = ("identity", "study_links")
#: Of a larger table so many rows are taken, by a hash of their place: the same ones each time.
MOST_ROWS: Final = 60_000

#: Readable columns of schema research beside who the row is about.
_READABLE: Final = """
    SELECT c.relname, array_agg(a.attname ORDER BY a.attnum)
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
    WHERE c.relnamespace = 'research'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
      AND NOT c.relispartition AND NOT a.attisdropped
      AND has_column_privilege(%(role)s, c.oid, a.attnum, 'SELECT')
    GROUP BY c.relname ORDER BY c.relname
"""
_OTHERS: Final = """
    SELECT n.nspname, c.relname, array_agg(a.attname ORDER BY a.attnum)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
    WHERE c.relkind IN ('r', 'p', 'm') AND NOT c.relispartition AND NOT a.attisdropped
      AND n.nspname NOT IN ('research', 'information_schema') AND n.nspname !~ '^pg_'
      AND (n.nspname, c.relname) <> (%(schema)s, %(links)s)
    GROUP BY n.nspname, c.relname ORDER BY n.nspname, c.relname
"""
#: What an id belongs to a member by: their own, their account's, their post's.
_OWNERS: Final = """
    SELECT id, id FROM community.members
    UNION ALL SELECT id, member_id FROM identity.accounts
    UNION ALL SELECT id, author_id FROM community.posts
"""
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Table:
    """Columns side by side, and for each row whom it is about."""

    name: str
    columns: dict[str, list[Any]]
    #: Pseudonyms on the one side, members (as text) on the other.
    about: list[tuple[str, ...]]


def research(connection: psycopg.Connection[Any], *, as_stored: bool = False) -> list[Table]:
    """Tables of schema research that the role may read and whose rows are about a participant.

    With `as_stored` the place of a row counts as a column: whoever reads without an order sees it.
    """
    found = []
    for name, columns in connection.execute(_READABLE, {"role": ROLE}).fetchall():
        person = _person(name, columns)
        if person is not None:
            read = _read(connection, ("research", name), columns)
            about: list[tuple[str, ...]] = [(str(one),) for one in read.pop(person)]
            read |= {"(as stored)": list(range(len(about)))} if as_stored else {}
            found.append(Table(f"research.{name}", read, about))
    return found


def _person(table: str, columns: Iterable[str]) -> str | None:
    names = ("id",) if table == "participants" else ("participant_id", "participant")
    return next((name for name in names if name in columns), None)


def others(connection: psycopg.Connection[Any]) -> list[Table]:
    """Every table of the other schemas, but for the links."""
    owners = {str(one): str(member) for one, member in connection.execute(_OWNERS).fetchall()}
    names = {"schema": LINKS[0], "links": LINKS[1]}
    found = []
    for schema, name, columns in connection.execute(_OTHERS, names).fetchall():
        read = _read(connection, (schema, name), columns, with_text=True)
        about = [_members(text, owners) for text in read.pop("")]
        if any(about):
            found.append(Table(f"{schema}.{name}", read, about))
    return found


def _members(text: str, owners: Mapping[str, str]) -> tuple[str, ...]:
    """Whom a row is about: every member whose id, or account's or post's id, occurs in it."""
    return tuple(dict.fromkeys(owners[one] for one in _UUID.findall(text) if one in owners))


def _read(
    connection: psycopg.Connection[Any],
    table: tuple[str, str],
    columns: list[str],
    *,
    with_text: bool = False,
) -> dict[str, list[Any]]:
    """Columns of at most `MOST_ROWS` rows in the order in which they are stored."""
    source = sql.Identifier(*table)
    counted = sql.SQL("SELECT count(*) FROM {}").format(source)
    ((count,),) = connection.execute(counted).fetchall()
    every = -(-count // MOST_ROWS) or 1
    asked: list[sql.Composable] = [
        sql.SQL("t.{}").format(sql.Identifier(column)) for column in columns
    ]
    if with_text:
        asked.append(sql.SQL("t::text"))
    rows = connection.execute(
        sql.SQL("SELECT {} FROM {} t WHERE abs(hashtext(t.ctid::text)::bigint) % {} = 0").format(
            sql.SQL(", ").join(asked), source, sql.Literal(every)
        )
    ).fetchall()
    names = [*columns, ""] if with_text else columns
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}
