"""What every test can ask for: a database of its own, the application on it, and a client."""

import gc
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import httpx2
import psycopg
import pytest
import structlog
from fastapi import FastAPI
from hypothesis import settings as hypothesis_settings
from psycopg.rows import dict_row
from xdist.remote import Producer

from app.core.db import AnyConnection, Database
from app.core.settings import Settings
from app.main import create_app
from app.postgres import temporary
from tests.people import People, new_client
from tests.support import databases, scratch
from tests.support.settings import settings_for
from tests.support.spread import Spread, put_longest_first
from tools.steps import keep_compiled

#: How long an example takes says how busy the machine is, and nothing about the code.
hypothesis_settings.register_profile("alongside", deadline=None)
hypothesis_settings.load_profile("alongside")


def pytest_configure(config: pytest.Config) -> None:
    """Workers of xdist have their environment from the process that started them."""
    if not hasattr(config, "workerinput"):
        keep_compiled(os.environ)
        scratch.use_memory()
    # structlog's own default draws each traceback with its variables: half a minute for some.
    plain = structlog.dev.ConsoleRenderer(
        colors=False, exception_formatter=structlog.dev.plain_traceback
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            plain,
        ]
    )


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Spread | None:
    """For `--dist loadfile`, which `make test` asks for."""
    return Spread(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A run in one process keeps the order in which the tests are written."""
    if hasattr(config, "workerinput"):
        put_longest_first(items)


def pytest_collection_finish() -> None:
    """What is here now stays to the end: it is not looked through for garbage again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL of this test run, with the migrated template in it."""
    with temporary() as server:
        databases.make_template(server.dsn)
        with databases.administered(server.dsn):
            yield server.dsn


@pytest.fixture
def database_url(postgres: str) -> Iterator[str]:
    """A fresh clone of the migrated template."""
    url = databases.clone(postgres)
    yield url
    databases.drop(postgres, url)


@pytest.fixture
def settings(database_url: str) -> Settings:
    """Settings on the test's database."""
    return settings_for(database_url)


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    """The application, started."""
    made = create_app(settings)
    async with made.router.lifespan_context(made):
        yield made


@pytest.fixture
async def database(app: FastAPI) -> Database:
    """The application's own connections."""
    found: Database = app.state.database
    return found


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    """A browser's worth of HTTP: its own cookies, our own origin."""
    async with new_client(app) as made:
        yield made


@pytest.fixture
async def people(app: FastAPI) -> AsyncIterator[People]:
    """Brings people here, signed in."""
    async with AsyncExitStack() as stack:
        yield People(app, stack)


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[AnyConnection]:
    """A raw connection, to look at what is stored and to try what code never would."""
    async with await psycopg.AsyncConnection.connect(
        database_url, autocommit=True, row_factory=dict_row
    ) as opened:
        yield opened
