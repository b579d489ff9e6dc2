"""The measures and every edition of a report on the programme that `alongside demo --evaluation`
writes: people, waves and answers as in a real one."""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from app.core import migrations
from app.core.db import Database
from app.demo.evaluation import programme
from app.demo.evaluation.planted import Planted
from app.postgres import Server
from bench import community
from bench.apart import apart
from bench.results import Results
from tests.support.settings import settings_for

#: 3,000 people, a million acts, five waves.
WHOLE: Final = Planted()
QUICK: Final = Planted(people=160, activities=14_000)
_UNTIL: Final = datetime(2026, 11, 1, 12, tzinfo=UTC)


async def measure(results: Results, database: Server, *, is_quick: bool) -> None:
    """Write it, freeze it, compute its measures and make one edition of each kind."""
    planted = QUICK if is_quick else WHOLE
    url = community.address(database.dsn, "programme")
    migrations.upgrade(url)
    study = await _frozen(url, planted)
    note = f"{planted.people:,} people, {planted.activities:,} acts, {len(planted.weeks)} waves"
    computed = apart("evaluate", url, study)
    what = f"all measures of {note}; {computed['cpu']:.0f} s of CPU"
    results.plain("programme_measures_s", computed["seconds"], "s", note=what)
    rss = computed["rss_mb"]
    results.plain("programme_measures_rss_mb", rss, "MB", note=f"all measures of {note}")
    made = apart("editions", url, study)
    what = f"all kinds of editions of {note}; {made['cpu']:.0f} s of CPU"
    results.plain("editions_s", made["seconds"], "s", note=what)
    results.plain("editions_rss_mb", made["rss_mb"], "MB", note=f"all kinds of editions of {note}")


async def _frozen(url: str, planted: Planted) -> UUID:
    settings = settings_for(url, demo=True)
    database = Database(settings.database)
    await database.open()
    try:
        made = await programme.make(database, settings, planted, until=_UNTIL)
        await programme.freeze(database, made, at=_UNTIL)
    finally:
        await database.close()
    return made.study_id
