"""Freezing, banding and downloading a study with a great many acts, against COPY to nowhere."""

import asyncio
import gc
import json
import resource
import subprocess
import sys
import tempfile
import threading
import time
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import polars as pl
import psycopg

from app.core import clock
from app.core.db import Database, unit_of_work
from app.core.ids import new_id
from app.identity import pseudonyms
from app.jobs.sources import OUTSIDE_SOURCES
from app.postgres import Server
from app.research import (
    datasets,
    disclosure,
    edition_making,
    editions,
    evaluating,
    evaluations,
    periods,
    releases,
    studies,
)
from app.research.bands import MEASURES, Options
from app.research.dataset_models import Requester
from app.research.edition_models import EditionState
from app.research.evaluation_models import EvaluationState
from app.research.exports import freezing, package, source
from app.research.exports.writers import Format
from app.research.release_models import Decided, Released
from app.research.reports.kinds import EditionKind
from bench import suppression
from bench.machines import ROOT
from bench.results import Results
from bench.rooms import add_study
from tests.support.settings import settings_for
from tests.support.signed_plans import signed_plan

#: People in the study; a tenth of them with a small one.
PARTICIPANTS = 40_000
ACTS_A_PERSON = 250
#: Formats of which a download is measured.
MEASURED = (Format.CSV, Format.SAV, Format.DTA)
RESEARCHER, CHECKER = new_id(), new_id()
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
    periods.protect(found.counts, found.answers, Options(tuple(MEASURES), ("area",)))
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


def apart(what: str, url: str, study: UUID, format_: Format = Format.CSV) -> dict[str, float]:
    """One of these in a process of its own: its `seconds`, those of CPU (`cpu`), and the most
    memory, `rss_mb`."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.research", what, url, str(study), format_],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


async def _freeze(database: Database, study: UUID) -> None:
    by = Requester(RESEARCHER, how="command_line")
    await signed_plan(database, study)
    dataset = await freezing.freeze(database, study, by=by, sources=OUTSIDE_SOURCES)
    async with unit_of_work(database) as session:
        found = await studies.access(session, study, is_researcher=True)
        agreement = await releases.agree(
            session,
            found,
            recipient="Benchmarks",
            aim="To see what it costs.",
            ends_on=clock.now().date() + timedelta(days=1),
            by=RESEARCHER,
        )
        request = await releases.ask(
            session,
            dataset,
            file=Released.ACTS,
            agreement_id=agreement.id,
            note="",
            by=RESEARCHER,
        )
        await releases.decide(
            session,
            request,
            dataset,
            decision=Decided.RELEASED,
            note="For benchmarks.",
            attack={"is_refused": False},
            by=CHECKER,
        )


async def _evaluate(database: Database, study: UUID) -> None:
    async with unit_of_work(database) as session:
        dataset = await datasets.find_numbered(session, study, None)
        assert dataset
        begun = await evaluations.start(session, dataset, by=RESEARCHER)
    await evaluating.evaluate(database, begun.id)
    async with unit_of_work(database) as session:
        found = await evaluations.access(session, begun.id)
    assert found.state == EvaluationState.DONE, found.state


async def _make_editions(database: Database, study: UUID) -> None:
    """One of each kind, one after the other."""
    for kind in EditionKind:
        async with unit_of_work(database) as session:
            asked = await studies.access(session, study, is_researcher=True, lock="change")
            dataset = await datasets.find_numbered(session, study, None)
            assert dataset
            begun = await editions.make(session, asked, dataset, kind, by=RESEARCHER)
        await edition_making.make(database, begun.id)
        async with unit_of_work(database) as session:
            found = await editions.access(session, begun.id)
        assert found.state == EditionState.READY, (kind, found.state)


async def _download(database: Database, study: UUID, folder: Path, format_: Format) -> None:
    async with unit_of_work(database) as session:
        dataset = await datasets.find_numbered(session, study, None)
    assert dataset
    await package.download(
        database,
        dataset.id,
        format_=format_,
        folder=folder,
        by=Requester(RESEARCHER, how="command_line"),
        released=Released.ACTS,
    )


async def _run(what: str, url: str, study: UUID, format_: Format, folder: Path) -> float:
    database = Database(settings_for(url).database)
    await database.open()
    started = time.perf_counter()
    if what == "freeze":
        await _freeze(database, study)
    elif what == "evaluate":
        await _evaluate(database, study)
    elif what == "editions":
        await _make_editions(database, study)
    else:
        await _download(database, study, folder, format_)
    seconds = time.perf_counter() - started
    await database.close()
    return seconds


def main() -> None:
    """One freeze, download, evaluation, or all editions: seconds, those of CPU and peak memory, as
    JSON; measures are computed, and editions rendered, in a process of their own."""
    what, url, study, format_ = sys.argv[1], sys.argv[2], UUID(sys.argv[3]), Format(sys.argv[4])
    with tempfile.TemporaryDirectory() as folder:
        seconds = asyncio.run(_run(what, url, study, format_, Path(folder) / "out"))
    is_apart = what in {"evaluate", "editions"}
    whose = resource.RUSAGE_CHILDREN if is_apart else resource.RUSAGE_SELF
    peak = resource.getrusage(whose).ru_maxrss
    each = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    cpu = sum(one.ru_utime + one.ru_stime for one in each)
    print(json.dumps({"seconds": seconds, "cpu": cpu, "rss_mb": peak * 1024 / 1e6}))


if __name__ == "__main__":
    main()
