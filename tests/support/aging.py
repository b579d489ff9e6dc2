"""Events as they stand weeks later: the days are the database's own, so a test moves them."""

from datetime import date, timedelta

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

_PARTITIONS = "SELECT name, ends_on FROM core.event_partitions ORDER BY ends_on"


def age(url: str, *, weeks: int) -> list[str]:
    """Let all that was recorded be older, and make the partitions of this week; names those that
    hold something, oldest first."""
    moved = timedelta(weeks=weeks)
    names: list[str] = []
    with psycopg.connect(url, row_factory=dict_row) as owner:
        starts: date | None = None
        for row in owner.execute(_PARTITIONS).fetchall():
            old, ends = row["name"], row["ends_on"] - moved
            new = f"events_before_{ends:%Y_%m_%d}"
            is_empty = not owner.execute(_some(old)).fetchall()
            owner.execute(_of("ALTER TABLE core.events DETACH PARTITION core.{}", old))
            if is_empty:
                owner.execute(_of("DROP TABLE core.{}", old))
                continue
            owner.execute(_of("UPDATE core.{} SET recorded_on = recorded_on - %s", old), [moved])
            owner.execute(_of("ALTER TABLE core.{} RENAME TO {}", old, new))
            begin = sql.SQL("MINVALUE") if starts is None else sql.Literal(starts)
            owner.execute(
                sql.SQL(
                    "ALTER TABLE core.events ATTACH PARTITION core.{} FOR VALUES FROM ({}) TO ({})"
                ).format(sql.Identifier(new), begin, sql.Literal(ends))
            )
            names.append(new)
            starts = ends
        owner.execute("SELECT core.make_event_partitions(2)")
    return names


def without_partitions(url: str) -> None:
    """As after weeks without a worker: what comes now has no partition of its own."""
    with psycopg.connect(url, row_factory=dict_row) as owner:
        for row in owner.execute(_PARTITIONS).fetchall():
            owner.execute(_of("DROP TABLE core.{}", row["name"]))


def _some(name: str) -> sql.Composed:
    return _of("SELECT 1 FROM core.{} LIMIT 1", name)


def _of(statement: str, *names: str) -> sql.Composed:
    return sql.SQL(statement).format(*map(sql.Identifier, names))
