"""Server processes, and members in front of them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from app.core.db import Database
from app.core.settings import Settings
from tests.people import SignedIn, signed_in
from tests.realtime.sockets import Follower
from tests.support.servers import ServerProcess, serving

NewFollower = Callable[..., Follower]


@pytest.fixture
async def outside(settings: Settings) -> AsyncIterator[Database]:
    """The same database, from outside of any server."""
    database = Database(settings.database)
    await database.open()
    yield database
    await database.close()


@pytest.fixture
def server(database_url: str) -> Iterator[ServerProcess]:
    with serving(database_url) as started:
        yield started


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder for a server that forgets nothing, unlike the one of the other tests."""
    with TemporaryDirectory(prefix="alongside-test-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder) / "postgres"


@pytest.fixture
async def member(outside: Database) -> SignedIn:
    return await signed_in(outside)


@pytest.fixture
async def new_follower() -> AsyncIterator[NewFollower]:
    """Opens followers, and closes them all at the end."""
    opened: list[Follower] = []

    def open_one(address: str, cookie: str, *topics: str, since: str | None = None) -> Follower:
        opened.append(Follower(address, cookie, *topics, since=since))
        return opened[-1]

    yield open_one
    await asyncio.gather(*(follower.leave() for follower in opened))
