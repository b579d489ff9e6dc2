"""The database: one engine for units of work, one pool for fast reads, one place that commits."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Any, Final, LiteralString, TypeVar

import psycopg
from psycopg.rows import AsyncRowFactory, DictRow, TupleRow, dict_row, tuple_row
from psycopg.sql import Composed
from psycopg_pool import AsyncConnectionPool, PoolTimeout
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import Session

from app.core.errors import UnavailableError
from app.core.settings import DatabaseSettings

Pool = AsyncConnectionPool[psycopg.AsyncConnection[DictRow]]
Row = TypeVar("Row")
#: Of a process, opened when asked for: questions are few, and a download reads part after part.
RESEARCH_CONNECTIONS = 2
AnyConnection = psycopg.AsyncConnection[Any]
_PLACEHOLDER: Final = re.compile(r"%(?:\((\w+)\)s|%)")


class Database:
    """Connections of one process. `open` before use, `close` at the end."""

    def __init__(self, settings: DatabaseSettings) -> None:
        self.settings = settings
        options = f"-c statement_timeout={settings.statement_timeout_seconds}s -c timezone=UTC"
        self.engine: AsyncEngine = create_async_engine(
            make_url(settings.url).set(drivername="postgresql+psycopg"),
            pool_size=settings.session_connections,
            max_overflow=0,
            pool_timeout=10,
            hide_parameters=True,  # an error in the log must not show what someone wrote
            connect_args={"options": options, "connect_timeout": 5},
        )
        self.sessions = async_sessionmaker(self.engine, expire_on_commit=False)
        self.pool = _pool(settings.url, options, most=settings.read_connections)
        #: What exports and questions read on: a login of its own where the settings name one.
        self.research = self.pool
        if settings.research_url:
            self.research = _pool(
                settings.research_url, options, least=0, most=RESEARCH_CONNECTIONS
            )

    async def open(self) -> None:
        """Open the read pools. The engine opens its connections when asked."""
        await self.pool.open()
        if self.research is not self.pool:
            await self.research.open()

    async def close(self) -> None:
        """Give every connection back to the server."""
        await self.pool.close()
        if self.research is not self.pool:
            await self.research.close()
        await self.engine.dispose()


def _pool(url: str, options: str, *, most: int, least: int = 1) -> Pool:
    """Connections for single reading statements; opened later."""
    return AsyncConnectionPool(
        url,
        connection_class=psycopg.AsyncConnection[DictRow],
        kwargs={
            "autocommit": True,
            "row_factory": dict_row,
            "prepare_threshold": 2,
            # Planning a read of the wall costs three times what running it does, and the
            # server's own guess when to plan again is wrong for keyset pages.
            "options": f"{options} -c plan_cache_mode=force_generic_plan",
            "connect_timeout": 5,
        },
        min_size=least,
        max_size=most,
        timeout=10,
        open=False,
    )


@asynccontextmanager
async def unit_of_work(database: Database) -> AsyncIterator[AsyncSession]:
    """One act, whole or not at all: commits when the block ends, rolls back when it raises.

    The only `commit` in the code base; a test holds that.
    """
    async with database.sessions() as session:
        yield session
        await session.commit()


async def driver(session: AsyncSession) -> psycopg.AsyncConnection[Any]:
    """The session's own psycopg connection, inside its transaction.

    For statements whose cost counts, and for jobs that join the transaction. Flush first:
    the unit of work does not see what goes past it. Never call its `transaction()`: on a session
    that has sent nothing yet, that would be the outermost one, and commit.
    """
    found = await session.run_sync(_driver_connection)
    if not isinstance(found, psycopg.AsyncConnection):
        raise TypeError("the engine must speak psycopg")
    return found


def _driver_connection(session: Session) -> Any:
    """Both steps at once: each step from asyncio into SQLAlchemy costs a greenlet."""
    return session.connection().connection.driver_connection


async def fetch(
    pool: Pool,
    query: LiteralString | Composed,
    parameters: Sequence[Any] | dict[str, Any] = (),
) -> list[DictRow]:
    """Rows of one reading statement on a connection of its own.

    A connection that the server dropped is replaced and the statement sent once more, so it
    must be one that may run twice.
    """
    return await _fetch(pool, query, parameters, dict_row)


async def fetch_within(
    session: AsyncSession, query: LiteralString, parameters: dict[str, Any]
) -> list[DictRow]:
    """The same inside a unit of work, which has flushed what the statement must see."""
    cursor = await execute(await driver(session), query, parameters, dict_row)
    return await cursor.fetchall()


async def fetch_tuples(
    pool: Pool, query: LiteralString, parameters: Sequence[Any] | dict[str, Any] = ()
) -> list[TupleRow]:
    """The same without names, for wide rows: naming 25 columns costs a fifth of reading them."""
    return await _fetch(pool, query, parameters, tuple_row)


@lru_cache(maxsize=512)
def _numbered(query: str) -> tuple[bytes, tuple[str, ...]]:
    """A statement with numbers in place of its parameters' names, and the names in that order.

    psycopg does the same, but keeps what it made of statements up to 4,096 signs alone. Most of our
    reads are longer, and so is the reply: taking one apart each time costs 0.1 to 0.3 ms.
    """
    names: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        return f"${names.setdefault(found[1], len(names) + 1)}" if found[1] else "%"

    return _PLACEHOLDER.sub(number, query).encode(), tuple(names)


async def execute(
    connection: AnyConnection,
    query: LiteralString | Composed,
    parameters: Sequence[Any] | dict[str, Any],
    rows: AsyncRowFactory[Row],
) -> psycopg.AsyncCursor[Row]:
    """A statement whose named parameters were numbered once; for long ones that psycopg would
    take apart each time. Anything else goes to psycopg as it is."""
    if isinstance(parameters, dict) and isinstance(query, str):
        numbered, names = _numbered(query)
        raw = psycopg.AsyncRawCursor(connection, row_factory=rows)
        return await raw.execute(numbered, [parameters[name] for name in names])
    return await connection.cursor(row_factory=rows).execute(query, parameters)


async def _fetch(
    pool: Pool,
    query: LiteralString | Composed,
    parameters: Sequence[Any] | dict[str, Any],
    rows: AsyncRowFactory[Row],
) -> list[Row]:
    for is_last in (False, True):
        try:
            async with pool.connection() as connection:
                cursor = await execute(connection, query, parameters, rows)
                return await cursor.fetchall()
        except psycopg.OperationalError as error:
            if is_last or isinstance(error, PoolTimeout | psycopg.errors.QueryCanceled):
                raise
            await pool.check()
    raise UnavailableError
