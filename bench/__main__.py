"""`make bench`: the whole table. QUICK=1 measures the same on less, in under a minute.

GROWTH=10000000 measures growth alone, from ten thousand to so many posts (ten million need half an
hour and 30 GB); ACTIVITIES=10000000 a study of so many acts alone (half an hour as well); and
PROGRAMME=1 the measures and editions of the demo's programme alone, at its whole size.
"""

import asyncio
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.postgres import Server, start
from bench import (
    community,
    fanout,
    machines,
    programme,
    questionnaires,
    reads,
    research,
    rooms,
    worker,
)
from bench.requests import Base, Bench, growth, hello, measure, signin, writers
from bench.results import LATEST, Results
from tests.support.settings import environment_for

POSTS = 25_750
GROWTH = (10_000, 1_000_000)
GROWTH_QUICK = (2_000, 20_000)
ACTIVITIES = 1_000_000
ACTIVITIES_QUICK = 50_000


@contextmanager
def serving(database: Server, url: str) -> Iterator[Bench]:
    """One server process on this database, twenty members signed in, and those who write."""
    port = machines.free_port()
    with machines.process(
        ["-m", "app.cli", "serve"], port, environment_for(url, port, DEMO="0")
    ) as pid:
        yield Bench(
            url=url,
            port=port,
            server=pid,
            database=machines.postmaster(database),
            people=community.sign_in(url),
            writers=community.sign_in(url, count=community.WRITING),
            threads=community.threads(url),
        )


@contextmanager
def _database(folder: Path) -> Iterator[Server]:
    """A durable database of this run alone."""
    # For root the server is run by a user without powers, who must be able to walk in.
    folder.chmod(0o711)
    server = start(folder / "data")
    try:
        yield server
    finally:
        server.stop()


async def run(*, is_quick: bool) -> Results:
    """Everything, in the order of the table."""
    results = Results()
    count = 400 if is_quick else 2000
    port = machines.free_port()
    with (
        tempfile.TemporaryDirectory() as folder,
        _database(Path(folder)) as database,
        machines.process(["-m", "bench.hello", str(port)], port) as hello_pid,
    ):

        async def base() -> float:
            return await hello(port, hello_pid, 3 * count)

        posts = 2_500 if is_quick else POSTS
        url = community.create(database.dsn, "community", posts=posts)
        results.plain("hello", await base(), "ms CPU a request")
        await _requests(results, database, url, base, count)
        await research.measure(
            results, database, url, activities=ACTIVITIES_QUICK if is_quick else ACTIVITIES
        )
        await programme.measure(results, database, is_quick=is_quick)
        await _growth(results, database, count, GROWTH_QUICK if is_quick else GROWTH)
    for name, row in (await fanout.run(is_quick)).items():
        results.put(name, **row)
    return results


async def _requests(results: Results, database: Server, url: str, base: Base, count: int) -> None:
    with serving(database, url) as bench:
        results.plain("rss_idle_mb", machines.memory_mb(bench.server), "MB")
        await measure(bench, base, results, count)
        await rooms.measure(bench, base, results, count)
        await questionnaires.measure(bench, base, results, count)
        email, password = await community.give_password(url, bench.people[0])
        await signin(bench, results, email, password, 10 if count < 1000 else 40)
        await writers(bench, results)
        results.plain("rss_load_mb", machines.memory_mb(bench.server), "MB")
        replies, idle_seconds = (20, 10) if count < 1000 else (100, 120)
        await worker.measure(bench, results, replies=replies, idle_seconds=idle_seconds)


async def _growth(results: Results, database: Server, count: int, sizes: tuple[int, int]) -> None:
    few, many = (community.create(database.dsn, f"posts_{size}", posts=size) for size in sizes)
    with serving(database, few) as small, serving(database, many) as large:
        await growth(small, large, results, count)
        pair = f"{sizes[0]:,} and {sizes[1]:,} posts"
        # At so few posts a member has less than a page, which is no measure; moderators have.
        of = ("moderator",) if sizes == GROWTH_QUICK else tuple(reads.PLACES)
        await reads.growth(small, large, results, max(20, count // 20), pair=pair, of=of)


async def grow(largest: int) -> Results:
    """Wall, thread and reply at `largest` posts against few."""
    results = Results()
    with tempfile.TemporaryDirectory() as folder, _database(Path(folder)) as database:
        await _growth(results, database, 2000, (GROWTH[0], largest))
    return results


async def study(activities: int) -> Results:
    """What a study of so many acts costs: freeze, measures, downloads."""
    results = Results()
    with tempfile.TemporaryDirectory() as folder, _database(Path(folder)) as database:
        url = community.create(database.dsn, "community", posts=2_500)
        await research.measure(results, database, url, activities=activities)
    return results


async def programme_alone() -> Results:
    """Measures and editions of the demo's programme."""
    results = Results()
    with tempfile.TemporaryDirectory() as folder, _database(Path(folder)) as database:
        await programme.measure(results, database, is_quick=False)
    return results


def main() -> None:
    """Measure, print, write; one part alone is printed only."""
    (machines.ROOT / "var").mkdir(exist_ok=True)
    if largest := os.environ.get("GROWTH"):
        asyncio.run(grow(int(largest)))
        return
    if activities := os.environ.get("ACTIVITIES"):
        asyncio.run(study(int(activities)))
        return
    if os.environ.get("PROGRAMME") == "1":
        asyncio.run(programme_alone())
        return
    is_quick = os.environ.get("QUICK") == "1"
    results = asyncio.run(run(is_quick=is_quick))
    results.write()
    print(f"Written to {LATEST.relative_to(machines.ROOT)}.")


if __name__ == "__main__":
    main()
