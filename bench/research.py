"""Freezing, banding and downloading a study with a great many acts, against COPY to nowhere."""

import asyncio
import gc
import threading
import time
from uuid import UUID

import polars as pl
import psycopg

from app.core import clock
from app.identity import pseudonyms
from app.postgres import Server
from app.research import disclosure, period_file
from app.research.bands import MEASURES, Options
from app.research.exports import source
from app.research.exports.writers import Format
from bench import suppression
from bench.apart import apart
from bench.results import Results
from bench.rooms import add_study

#: People in the study; a tenth of them with a small one.
PARTICIPANTS = 40_000
ACTS_A_PERSON = 250
#: Formats of which a download is measured.
MEASURED = (Format.CSV, Format.SAV, Format.DTA)
#: Rows and columns of the table whose k is found.
K_ROWS, K_COLUMNS = 1_000_000, 8

_PEOPLE = """
INSERT INTO research.participants (id, study_id, state, enrolled_on, was_staff, changed_at,
  tenure_band, area)
SELECT id, %(study)s, 'taking_part', current_date - 100, false, now() - interval '100 days',
  'under_1_month', (ARRAY['wales', 'london', 'scotland'])[1 + i %% 3] FROM people;
"""
_CONSENTS = """
INSERT INTO research.consents (study_id, participant_id, purpose, act, sheet_version, at)
SELECT %(study)s, id, 'activity', 'given', 1, now() - interval '100 days' FROM people
"""
_ACTIVITIES = """
INSERT INTO research.activities (study_id, participant_id, day, time_band, kind, version,
  actor_role, other_side, counterpart_id, target, intent, reaction, length_band, seconds, session)
SELECT %(study)s, p.id, n / %(people)s %% 100, 'evening', k,
  CASE k WHEN 'read' THEN 2 ELSE 1 END,
  'member', CASE WHEN k IN ('replied', 'reacted') THEN 'participant' END,
  CASE WHEN k IN ('replied', 'reacted') THEN q.id END,
  CASE WHEN k IN ('replied', 'reacted') THEN 'post' END,
  CASE WHEN k = 'published' THEN 'saying_hello' END,
  CASE WHEN k = 'reacted' THEN 'i_hear_you' END,
  CASE WHEN k IN ('published', 'replied') THEN 'short' END,
  CASE WHEN k = 'read' THEN 1 + n %% 600 END, 1 + n / %(people)s
FROM generate_series(%(from)s::bigint, %(to)s::bigint - 1) n
CROSS JOIN LATERAL (SELECT
  (ARRAY['published', 'replied', 'reacted', 'read', 'read'])[1 + (n * 7 %% 5)::int] AS k) kinds
JOIN people p ON p.i = (n * n + n) %% %(people)s
JOIN people q ON q.i = (n * n + n + 1) %% %(people)s
"""
#: Acts written by one statement.
CHUNK = 1_000_000
#: Seconds between two writes beside a freeze.
WAIT = 0.01


def fill(url: str, rows: int) -> UUID:
    """A study with so many activities; the triggers that ask for consent rest meanwhile."""
    count = max(200, min(PARTICIPANTS, rows // ACTS_A_PERSON))
    with psycopg.connect(url) as connection:
        connection.execute("SET LOCAL statement_timeout = 0")
        connection.execute("SET LOCAL synchronous_commit = off")
        study = add_study(connection, covers_acts=True)
        codes: set[str] = set()
        while len(codes) < count:
            codes.add(pseudonyms.draw())
        connection.execute("CREATE TEMP TABLE people (i int PRIMARY KEY, id text)")
        with connection.cursor().copy("COPY people FROM STDIN") as copy:
            for row in enumerate(sorted(codes)):
                copy.write_row(row)
        values = {"study": study, "people": count}
        for statement in (_PEOPLE, _CONSENTS):
            connection.execute(statement, values)
        connection.execute("SET LOCAL session_replication_role = replica")
        for first in range(0, rows, CHUNK):
            some = {"from": first, "to": min(first + CHUNK, rows)}
            connection.execute(_ACTIVITIES, {**values, **some})
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET statement_timeout = 0")
        connection.execute("VACUUM ANALYZE research.activities, research.participants")
        connection.execute("CHECKPOINT")
    return study


def copy_to_nowhere(url: str) -> float:
    """Rows a second of a plain COPY of the same table."""
    rows = 0
    started = time.perf_counter()
    with (
        psycopg.connect(url) as connection,
        connection.cursor().copy(
            "COPY (SELECT * FROM research.activities) TO STDOUT (FORMAT csv)"
        ) as copy,
    ):
        for _ in copy:
            rows += 1
    return rows / (time.perf_counter() - started)


class Writer:
    """Someone who writes into the study all the time: how long that took at most, and how much
    longer than it should a mere wait took at most, which tells how far the machine itself stood
    still."""

    def __init__(self, url: str, study: UUID) -> None:
        self._url, self._study = url, study
        self._is_done = threading.Event()
        self._thread = threading.Thread(target=self._write)
        self.longest_ms = 0.0
        self.longest_pause_ms = 0.0

    def __enter__(self) -> "Writer":
        # Looking through all that this process has imported takes Python a tenth of a second, in
        # the middle of a write.
        gc.collect()
        gc.freeze()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_done.set()
        self._thread.join()

    def _write(self) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            row = connection.execute(
                "SELECT id FROM research.participants WHERE study_id = %s LIMIT 1", (self._study,)
            ).fetchone()
            assert row
            ended = time.perf_counter()
            while not self._is_done.wait(WAIT):
                started = time.perf_counter()
                pause = started - ended - WAIT
                self.longest_pause_ms = max(self.longest_pause_ms, 1_000 * pause)
                connection.execute(
                    "INSERT INTO research.activities (study_id, participant_id, occurred_at, kind,"
                    " version, actor_role) VALUES (%s, %s, now(), 'help_opened', 1, 'member')",
                    (self._study, row[0]),
                )
                ended = time.perf_counter()
                self.longest_ms = max(self.longest_ms, 1_000 * (ended - started))


async def measure(results: Results, database: Server, url: str, *, activities: int) -> None:
    """Freeze beside a writer, then export; each in a process of its own for its memory."""
    study = fill(url, activities)
    note = f"{activities:,} acts"
    started = time.perf_counter()
    with source.reading(url) as connection:
        found = source.read(connection, study, until=clock.now().date())
    period_file.protect(found.counts, found.answers, Options(tuple(MEASURES), ("area",)))
    people = found.answers.height
    seconds = time.perf_counter() - started
    results.plain("bands_s", seconds, "s", note=f"{note}, {people:,} people")
    with Writer(url, study) as alone:
        await asyncio.sleep(2)
    with Writer(url, study) as beside:
        frozen = apart("freeze", url, study)
    long = f"{frozen['seconds']:.0f} s, {frozen['cpu']:.0f} s of CPU"
    results.put(
        "freeze_lock_ms",
        beside.longest_ms,
        "ms",
        baseline=alone.longest_ms,
        note=f"longest write beside a freeze of {long}; alone in baseline; "
        f"mere waits were up to {beside.longest_pause_ms:.0f} ms too long",
    )
    computed = apart("evaluate", url, study)
    spent = f"{computed['cpu']:.0f} s of CPU"
    results.plain("measures_s", computed["seconds"], "s", note=f"all measures of {note}; {spent}")
    results.plain("measures_rss_mb", computed["rss_mb"], "MB", note=f"all measures of {note}")
    rss = max(frozen["rss_mb"], _exports(results, url, study, activities))
    results.plain("export_rss_mb", rss, "MB", note=f"freeze and downloads of {note}")
    results.plain("kanon_s", find_k(), "s", note=f"CPU, {K_ROWS:,} rows of {K_COLUMNS}")
    suppression.measure(results)


def _exports(results: Results, url: str, study: UUID, activities: int) -> float:
    """The middle of three downloads in each format, each beside a COPY; the most memory of all."""
    rounds = [
        (
            copy_to_nowhere(url),
            {one: apart("download", url, study, one) for one in MEASURED},
        )
        for _ in range(3)
    ]
    for format_ in MEASURED:
        ordered = sorted(rounds, key=lambda one: one[1][format_]["seconds"] * one[0])
        plain, exported = ordered[1]
        results.put(
            f"export_{format_}",
            activities / exported[format_]["seconds"],
            "rows/s",
            baseline=plain,
        )
    return max(one["rss_mb"] for _, exported in rounds for one in exported.values())


def find_k() -> float:
    """CPU seconds of making a large table of skewed, related columns k-anonymous."""
    levels = MEASURES["giving"].levels
    rows = pl.int_range(0, K_ROWS, eager=True)
    base = (rows.hash(seed=99) % 1_000).cast(pl.Int64)
    frame = pl.DataFrame(
        [
            ((base + (rows.hash(seed=n) % 400).cast(pl.Int64)) ** 2 // 500_000)
            .clip(0, 3)
            .cast(pl.Int16)
            .alias(f"c{n}")
            for n in range(K_COLUMNS)
        ]
    )
    started = time.process_time()
    disclosure.recode(frame, [disclosure.Quasi(name, 1, levels) for name in frame.columns])
    return time.process_time() - started
