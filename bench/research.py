"""Exporting a million activities, against COPY to nowhere."""

import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from uuid import UUID

import psycopg

from app.core.db import Database
from app.core.ids import new_id
from app.core.postgres import Server
from app.research import activity
from app.research.exports import freezing, package
from app.research.exports.writers import Format
from app.research.who import Who
from bench.machines import ROOT
from bench.results import Results
from bench.rooms import add_study, take_part
from tests.support.settings import settings_for

PARTICIPANTS = 200

_ACTIVITIES = """
INSERT INTO research.activities (study_id, occurred_at, source_event_id, day, participant_id,
  counterpart_id, kind, intent, reaction, length_band, has_note, seconds)
SELECT %(study)s, now(), CASE WHEN k <> 'read' THEN n END, n %% 90, p.id,
  CASE WHEN k IN ('replied', 'reacted') THEN q.id END, k,
  CASE WHEN k = 'published' THEN 'saying_hello' END,
  CASE WHEN k = 'reacted' THEN 'i_hear_you' END,
  CASE WHEN k IN ('published', 'replied') THEN %(band)s END, NULL,
  CASE WHEN k = 'read' THEN 1 + n %% 600 END
FROM generate_series(1, %(rows)s) n
CROSS JOIN LATERAL (
  SELECT (ARRAY['published', 'replied', 'reacted', 'read', 'read'])[1 + n %% 5] AS k) kinds
JOIN people p ON p.i = n %% %(people)s
JOIN people q ON q.i = (n + 1) %% %(people)s
"""


def fill(url: str, rows: int) -> UUID:
    """A study with so many activities; the trigger that asks for consent rests meanwhile."""
    with psycopg.connect(url) as connection:
        connection.execute("SET LOCAL statement_timeout = 0")
        study = add_study(connection)
        people = [take_part(connection, study, None) for _ in range(PARTICIPANTS)]
        connection.execute("CREATE TEMP TABLE people (i int PRIMARY KEY, id text)")
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO people VALUES (%s, %s)", list(enumerate(people)))
        band = activity.length_band(100)
        values = {"study": study, "rows": rows, "people": PARTICIPANTS, "band": band}
        connection.execute("ALTER TABLE research.activities DISABLE TRIGGER USER")
        connection.execute(_ACTIVITIES, values)
        connection.execute("ALTER TABLE research.activities ENABLE TRIGGER USER")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE research.activities")
        connection.execute("CHECKPOINT")
    return study


def copy_to_nowhere(url: str) -> float:
    """Rows a second of a plain COPY of the same table."""
    rows = 0
    started = time.perf_counter()
    with (
        psycopg.connect(url) as connection,
        connection.cursor().copy("COPY research.activities TO STDOUT (FORMAT csv)") as copy,
    ):
        for _ in copy:
            rows += 1
    return rows / (time.perf_counter() - started)


async def measure(results: Results, database: Server, url: str, *, activities: int) -> None:
    """Rows a second and peak memory of one export in a process of its own."""
    study = fill(url, activities)
    connections = Database(settings_for(url).database)
    dataset = await freezing.freeze(connections, study, by=Who(new_id(), how="command_line"))
    await connections.close()
    rounds = [(copy_to_nowhere(url), _export(url, dataset.id)) for _ in range(3)]
    rounds.sort(key=lambda one: float(one[1]["seconds"]) * one[0])
    plain, exported = rounds[1]
    rate = activities / float(exported["seconds"])
    results.put("export_csv", rate, "rows/s", baseline=plain)
    results.plain("export_rss_mb", float(exported["rss_mb"]), "MB", note=f"{activities:,} rows")


def _export(url: str, dataset: UUID) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.research", url, str(dataset)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


async def _pull(url: str, dataset: UUID, folder: Path) -> float:
    database = Database(settings_for(url).database)
    started = time.perf_counter()
    await package.pull(
        database, dataset, format_=Format.CSV, folder=folder, by=Who(new_id(), how="command_line")
    )
    seconds = time.perf_counter() - started
    await database.close()
    return seconds


def main() -> None:
    """One export: seconds and peak memory, as JSON."""
    url, dataset = sys.argv[1], UUID(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        seconds = asyncio.run(_pull(url, dataset, Path(folder) / "out"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"seconds": seconds, "rss_mb": peak * 1024 / 1e6}))


if __name__ == "__main__":
    main()
