"""A real Chromium before a real server on the built front end."""

from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.async_api import Browser, async_playwright

from app.api.site import BUILD
from app.core.db import Database
from app.core.settings import Settings
from tests.browser.windows import Desk
from tests.support.servers import ServerProcess, serving
from tools.chromium import find

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """One browser for all tests; each test opens windows of its own in it."""
    path = find()
    assert path, "no Chromium: `make test` brings one, ALONGSIDE_CHROMIUM names one"
    assert (BUILD / "app.html").is_file(), "the front end is not built: run `make setup`"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture
def server(database_url: str) -> Iterator[ServerProcess]:
    """A server process on this test's database."""
    with serving(database_url) as started:
        yield started


@pytest.fixture
async def outside(settings: Settings) -> AsyncIterator[Database]:
    """The same database, from outside of the server."""
    database = Database(settings.database)
    await database.open()
    yield database
    await database.close()


@pytest.fixture
async def desk(
    chromium: Browser, server: ServerProcess, outside: Database, settings: Settings
) -> AsyncIterator[Desk]:
    """Opens windows for people, and looks at the end that none was asked to leave the house."""
    made = Desk(chromium, server, outside, settings)
    yield made
    await made.close()
