"""A demo community with its study, made once for the tests that play on it."""

import asyncio
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import psycopg
import pytest

from app.core.db import Database
from app.core.delivery import deliver
from app.demo import community
from app.research import subscribers
from tests.support import databases
from tests.support.settings import settings_for

UNTIL = datetime(2026, 11, 26, 12, tzinfo=UTC)
MEMBERS = 80


async def _make(url: str) -> None:
    settings = settings_for(url, demo=True)
    database = Database(settings.database)
    await database.open()
    try:
        await community.make(database, settings, members=MEMBERS, days=120, seed=1, until=UNTIL)
        while await deliver(database, subscribers.ACTIVITY):
            pass
    finally:
        await database.close()


@pytest.fixture(scope="session")
def demo_template(postgres: str) -> Iterator[str]:
    """The address of a demo community that nobody changes.

    Made in a thread that coverage does not look at: it would take half as long again, and what a
    demo happens to walk is no test.
    """
    url = databases.clone(postgres)
    with ThreadPoolExecutor(1, initializer=sys.settrace, initargs=(None,)) as aside:
        aside.submit(asyncio.run, _make(url)).result()
    yield url
    databases.drop(postgres, url)


@pytest.fixture
def demo(postgres: str, demo_template: str) -> Iterator[str]:
    """A demo community of one's own."""
    name = str(psycopg.conninfo.conninfo_to_dict(demo_template)["dbname"])
    url = databases.clone(postgres, name)
    yield url
    databases.drop(postgres, url)
