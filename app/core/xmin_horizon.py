"""What holds back the horizon below which events are read, wherever in the cluster it is.

`pg_snapshot_xmin` knows no databases: one writing transaction left open anywhere on the server, or
one prepared and forgotten, holds back every event of ours. `pg_stat_activity` shows a role only its
own sessions unless it may read all (`pg_read_all_stats`), so the wait of our own events is measured
too: that is seen whoever causes it.
"""

from dataclasses import dataclass
from typing import Final, Literal

from psycopg.rows import DictRow

#: An act takes milliseconds. From a minute on somebody should be told.
ALARM_SECONDS: Final = 60.0

Kind = Literal["transaction", "prepared", "slot", "events"]

# A slot's xmin tells no time: it is as old as the first event of ours since.
HOLDERS: Final = """
    SELECT 'transaction' AS kind, datname::text AS database, pid::text AS name,
      extract(epoch FROM clock_timestamp() - xact_start)::float AS seconds
    FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid()
    UNION ALL
    SELECT 'prepared', database::text, gid,
      extract(epoch FROM clock_timestamp() - prepared)::float
    FROM pg_prepared_xacts
    UNION ALL
    SELECT 'slot', database::text, slot_name::text, coalesce((
      SELECT extract(epoch FROM clock_timestamp() - e.occurred_at)::float FROM core.events e
      WHERE e.xid >= (pg_snapshot_xmax(pg_current_snapshot())::text::bigint
        - greatest(age(xmin), 0))::text::xid8
      ORDER BY e.xid, e.id LIMIT 1), 0)
    FROM pg_replication_slots WHERE xmin IS NOT NULL
    UNION ALL
    SELECT 'events', current_database()::text, '', extract(epoch FROM clock_timestamp() - (
      SELECT e.occurred_at FROM core.events e
      WHERE e.xid >= pg_snapshot_xmin(pg_current_snapshot()) ORDER BY e.xid, e.id LIMIT 1))::float
"""


@dataclass(frozen=True, slots=True)
class Holder:
    """One thing that holds the horizon back, or `events`: the wait that it causes."""

    kind: Kind
    database: str
    name: str
    seconds: float

    @property
    def is_alarming(self) -> bool:
        """Whether somebody should be told."""
        return self.seconds >= ALARM_SECONDS

    @property
    def words(self) -> str:
        """What it is and how it is ended."""
        age = f"{self.seconds:.0f} s"
        if self.kind == "transaction":
            return (
                f"one in database {self.database} is open for {age} and holds back live updates: "
                f"SELECT pg_terminate_backend({self.name})"
            )
        if self.kind == "prepared":
            return (
                f"one prepared in database {self.database} waits for {age} and holds back live "
                f"updates: ROLLBACK PREPARED '{self.name}' there"
            )
        if self.kind == "slot":
            return (
                f"the replication slot {self.name} stands still for {age} and holds back cleaning "
                f"up: start its reader, or SELECT pg_drop_replication_slot('{self.name}')"
            )
        return (
            f"live updates wait for {age}, for a transaction that this role can't see: "
            "GRANT pg_read_all_stats to it, or ask who runs the server"
        )


def read(rows: list[DictRow]) -> list[Holder]:
    """What the statement found, the oldest first; the wait itself after what causes it."""
    found = [Holder(**row) for row in rows if row["seconds"] is not None]
    return sorted(found, key=lambda one: (one.kind == "events", -one.seconds))


def worst(holders: list[Holder]) -> Holder | None:
    """What to tell somebody about: a cause where one is seen, else the wait."""
    alarming = [one for one in holders if one.is_alarming]
    return next(iter(alarming or holders), None)
