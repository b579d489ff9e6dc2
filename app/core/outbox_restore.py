"""The outbox after a restore into another cluster, where transaction numbers begin anew.

Events of the backup carry numbers that the new cluster has not reached. Readers would wait below
its horizon until it does: live pages and subscribers would stand still for weeks, in silence.
"""

import psycopg

_IS_AHEAD = """
    SELECT EXISTS (SELECT FROM core.events WHERE xid >= pg_snapshot_xmin(pg_current_snapshot()))
      OR EXISTS (SELECT FROM core.cursors WHERE xid >= pg_snapshot_xmin(pg_current_snapshot()))
"""

# Without their transactions events stand in the order of their numbers, so a cursor goes back to
# the first that was not delivered: some come again, and subscribers are idempotent.
_CURSORS = """
    UPDATE core.cursors c SET xid = '1', id = coalesce(
      (SELECT min(e.id) - 1 FROM core.events e WHERE (e.xid, e.id) > (c.xid, c.id)),
      (SELECT max(e.id) FROM core.events e), 0)
"""

_EVENTS = "UPDATE core.events SET xid = '1'"
# In a backup of an earlier release dead letters stand under another name, and earlier still are
# kept by their number alone.
_DEAD_LETTERS = """
    SELECT a.attrelid::regclass FROM pg_attribute a WHERE a.attname = 'xid'
      AND a.attrelid IN (to_regclass('core.dead_letters'), to_regclass('core.parked_events'))
"""
_SET_BACK = "UPDATE {} SET xid = '1' WHERE xid IS NOT NULL"


def settle_events(url: str) -> bool:
    """Put the events of a backup before everything this cluster will do; whether it was needed.

    For a database that nobody else uses yet, right after the restore. Positions that browsers
    hold from before are then ahead of every event, and they are told to read anew.
    """
    with psycopg.connect(url) as connection:
        if connection.execute("SELECT to_regclass('core.events')").fetchone() == (None,):
            return False
        row = connection.execute(_IS_AHEAD).fetchone()
        is_needed = bool(row and row[0])
        if is_needed:
            connection.execute(_CURSORS)
            connection.execute(_EVENTS)
            for (table,) in connection.execute(_DEAD_LETTERS).fetchall():
                connection.execute(_SET_BACK.format(table).encode())
        return is_needed


def make_partitions(url: str) -> None:
    """Make those of these weeks, for a backup has those of its own time."""
    with psycopg.connect(url) as connection:
        made = "core.make_event_partitions(integer)"
        if connection.execute("SELECT to_regprocedure(%s)", [made]).fetchone() != (None,):
            connection.execute("SELECT core.make_event_partitions(2)")
