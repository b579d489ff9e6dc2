"""What `alongside doctor` looks at: each check says what it found and, when bad, what to do."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
from psycopg.rows import dict_row

from app import postgres
from app.core import clock, logins, open_files, xmin_horizon
from app.core.events_watch import STATE_SQL as EVENTS_SQL
from app.core.events_watch import EventsState
from app.core.mail_watch import STATE_SQL
from app.core.number_format import figure
from app.core.settings import Settings
from app.moderation.backlog import FIGURES
from app.postgres.binaries import OLDEST_MAJOR
from app.postgres.probe import name_of
from app.run import log_and_logins, revisions
from app.run.environment import data_folder
from app.run.log_and_logins import DoctorFinding

MOST_UNDELIVERED = 10_000
#: Time enough for a worker that was just started again.
LONGEST_WAIT_SECONDS = 300
LEAST_FREE_BYTES = 1_000_000_000

Connection = psycopg.Connection[tuple[Any, ...]]


Check = Callable[[Connection], DoctorFinding]


def examine(settings: Settings, *, is_embedded: bool = False) -> Iterator[DoctorFinding]:
    """Every finding, the ones that others depend on first."""
    yield _settings(settings)
    yield _disk()
    yield _files()
    url = settings.database.url
    yield DoctorFinding("good", "database", f"PostgreSQL {postgres.check(url)} at {name_of(url)}")
    at = revisions.of_database(url)
    if at != revisions.head():
        words = f"at {at or 'nothing'}, this version needs {revisions.head()}: alongside migrate"
        yield DoctorFinding("bad", "migrations", words)
        return
    yield DoctorFinding("good", "migrations", f"at {at}")
    yield from log_and_logins.look_at_logins(settings.database, is_embedded=is_embedded)
    with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
        for check in CHECKS:
            yield check(connection)
        yield _kept(connection, settings.care.keep_events_days)
    is_intact, words = log_and_logins.look_at_log(settings.database)
    yield DoctorFinding("good" if is_intact else "bad", "log", words)


def _settings(settings: Settings) -> DoctorFinding:
    if settings.server.demo:
        return DoctorFinding(
            "look", "settings", "DEMO is on: anyone at this machine can sign in as staff"
        )
    if not settings.server.is_https:
        return DoctorFinding(
            "look", "settings", "served by http, which is only for this machine itself"
        )
    if settings.mail.mail == "console":
        words = "e-mails go to the log: set ALONGSIDE_MAIL=smtp so that members receive them"
        return DoctorFinding("bad", "settings", words)
    return DoctorFinding("good", "settings", "complete")


def _disk() -> DoctorFinding:
    folder = data_folder() if data_folder().exists() else data_folder().parent
    free = shutil.disk_usage(folder).free
    words = f"{free / 1e9:.1f} GB free in {folder}"
    if not os.access(folder, os.W_OK):
        return DoctorFinding("bad", "disk", f"{folder} cannot be written")
    return DoctorFinding("good" if free >= LEAST_FREE_BYTES else "bad", "disk", words)


def _files() -> DoctorFinding:
    """Each visitor's connection is an open file. Of this machine as seen from here: a service or a
    container may have a limit of its own, which its server's log and `/metrics` tell."""
    most = open_files.attainable()
    sockets = int(most * open_files.SCARCE_AT)
    words = f"a server may open {figure(most)}, so has about {figure(sockets)} live sockets at most"
    if most < open_files.LEAST:
        return DoctorFinding("look", "open files", f"{words}: {open_files.ADVICE}")
    return DoctorFinding("good", "open files", words)


def _roles(connection: Connection) -> DoctorFinding:
    row = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [logins.RESEARCH])
    if not row.rowcount:
        words = f"{logins.RESEARCH} is missing: exports cannot run; alongside migrate"
        return DoctorFinding("bad", "roles", words)
    return DoctorFinding("good", "roles", f"{logins.RESEARCH} reads for exports")


def _version(connection: Connection) -> DoctorFinding:
    major = connection.info.server_version // 10_000
    if major == OLDEST_MAJOR:
        return DoctorFinding("look", "version", f"PostgreSQL {major} is the oldest that will do")
    return DoctorFinding("good", "version", f"PostgreSQL {major}")


def _transactions(connection: Connection) -> DoctorFinding:
    """An open transaction anywhere in the cluster holds back every event after it."""
    with connection.cursor(row_factory=dict_row) as cursor:
        found = xmin_horizon.read(cursor.execute(xmin_horizon.HOLDERS).fetchall())
    worst = xmin_horizon.worst(found)
    if worst is not None and worst.is_alarming:
        return DoctorFinding("bad", "transactions", worst.words)
    longest = max((one.seconds for one in found), default=0.0)
    return DoctorFinding(
        "good", "transactions", f"the longest is open for {figure(round(longest))} s"
    )


def _events(connection: Connection) -> DoctorFinding:
    letters = connection.execute("SELECT count(*) FROM core.dead_letters").fetchone()
    if letters and letters[0]:
        words = (
            f"{figure(letters[0])} could not be delivered and are in core.dead_letters with the "
            "reason: "
            "fix that, then alongside events redeliver"
        )
        return DoctorFinding("bad", "events", words)
    # Capped: an exact count of a long backlog would take as long as the backlog.
    row = connection.execute(
        "SELECT coalesce(max(waiting.number), 0) "  # noqa: S608 - a constant of ours
        "FROM core.cursors AS c CROSS JOIN LATERAL ("
        " SELECT count(*) AS number FROM ("
        "  SELECT FROM core.events AS e WHERE (e.xid, e.id) > (c.xid, c.id)"
        f" LIMIT {MOST_UNDELIVERED}) AS later) AS waiting"
    ).fetchone()
    waiting = int(row[0]) if row else 0
    if waiting >= MOST_UNDELIVERED:
        words = f"{figure(waiting)} or more wait for a subscriber: is `alongside worker` running?"
        return DoctorFinding("bad", "events", words)
    return DoctorFinding("good", "events", f"at most {figure(waiting)} wait for a subscriber")


def _kept(connection: Connection, keep_days: int) -> DoctorFinding:
    """What the outbox keeps; it is a diary of everyone, and grows for ever if nobody drops it."""
    with connection.cursor(row_factory=dict_row) as cursor:
        (row,) = cursor.execute(EVENTS_SQL).fetchall()
    state = EventsState(**row)
    trouble = state.trouble(keep_days)
    if trouble is not None:
        return DoctorFinding("bad", "outbox", trouble)
    since = f"kept since {state.oldest_on}" if state.oldest_on else "empty"
    words = f"{since}, partitions are made until {state.made_until}"
    if state.strays:
        number = figure(state.strays) + (" or more" if state.strays >= 1_000 else "")
        return DoctorFinding("look", "outbox", f"{words}; {number} came while theirs was missing")
    return DoctorFinding("good", "outbox", words)


def _jobs(connection: Connection) -> DoctorFinding:
    row = connection.execute(
        "SELECT count(*) FROM procrastinate_jobs"
        " WHERE status = 'failed' AND task_name <> 'core:send_letter'"
    ).fetchone()
    if row and row[0]:
        return DoctorFinding("look", "jobs", f"{figure(row[0])} failed, see procrastinate_jobs")
    return DoctorFinding("good", "jobs", "none failed")


def _letters(connection: Connection) -> DoctorFinding:
    """From the first failed try: people wait for these to join, or to get back in."""
    row = connection.execute(STATE_SQL).fetchone()
    lost, failing, seconds = row or (0, 0, 0.0)
    if lost:
        words = (
            f"{figure(lost)} given up and {figure(failing)} failing: fix the mail server, then "
            "alongside letters "
            "retry (or drop)"
        )
        return DoctorFinding("bad", "e-mails", words)
    if failing:
        words = (
            f"{figure(failing)} failed and are tried again, the oldest is "
            f"{figure(round(seconds / 60))} min old: does "
            "the mail server answer? The worker's log says what it said"
        )
        return DoctorFinding("bad", "e-mails", words)
    if seconds > LONGEST_WAIT_SECONDS:
        words = f"one waits for {figure(round(seconds / 60))} min: is `alongside worker` running?"
        return DoctorFinding("bad", "e-mails", words)
    return DoctorFinding("good", "e-mails", "all have left")


def _worried(connection: Connection) -> DoctorFinding:
    """Somebody is worried about a person's life: the one kind of case that may not lie."""
    found = connection.execute(FIGURES, {"now": clock.now()}).fetchall()
    rows = {row[0]: row[1:] for row in found}
    number, seconds, target = rows["worried"]
    people = connection.execute(
        "SELECT FROM identity.account_roles WHERE role IN ('moderator', 'safeguarding') LIMIT 1"
    ).fetchone()
    if number and people is None:
        return DoctorFinding(
            "bad", "worried", f"{figure(number)} wait, and nobody is appointed to look"
        )
    if not number:
        late = [kind for kind, (_, waited, most) in rows.items() if waited > most]
        if late:
            words = f"none waits; past its target: {', '.join(late).replace('_', ' ')}"
            return DoctorFinding("look", "worried", words)
        return DoctorFinding("good", "worried", "no worried case waits")
    words = (
        f"{figure(number)} wait unclaimed, the oldest for {figure(round(seconds / 60))} min "
        f"(target {figure(round(target / 60))} min)"
    )
    return DoctorFinding("bad" if seconds > target else "look", "worried", words)


CHECKS: tuple[Check, ...] = (_version, _roles, _transactions, _events, _jobs, _letters, _worried)
