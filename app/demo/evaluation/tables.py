"""Rows by COPY, as the login of the application: every trigger and constraint holds for them."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from psycopg import sql
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import db

#: Tables that are still empty have no statistics: the triggers look people up by their keys anyway.
_SETTINGS: Final = (
    "SET LOCAL statement_timeout = 0",
    "SET LOCAL enable_seqscan = off",
    "SET LOCAL jit = off",
    "SET LOCAL synchronous_commit = off",
)
#: Whoever owns them tells the planner; for another login the server does it by itself, later.
_FILLED: Final = (
    "research.participants", "research.consents", "research.activities", "research.attendances",
    "research.responses", "research.response_parts", "research.answers", "identity.study_links",
)  # fmt: skip


async def prepare(session: AsyncSession) -> None:
    """For this unit of work: a statement may take as long as it does."""
    connection = await db.driver(session)
    for setting in _SETTINGS:
        await connection.execute(setting)


async def copy(
    session: AsyncSession, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    """Write rows of these columns; returns how many."""
    connection = await db.driver(session)
    query = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(*table.split(".")), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    count = 0
    async with connection.cursor().copy(query) as copied:
        for row in rows:
            await copied.write_row(row)
            count += 1
    return count


async def settle(session: AsyncSession) -> None:
    """Let the planner know what is in them now."""
    connection = await db.driver(session)
    owned = await connection.execute(
        "SELECT name FROM unnest(%s::text[]) name JOIN pg_class c ON c.oid = name::regclass"
        " WHERE pg_has_role(c.relowner, 'USAGE')",
        (list(_FILLED),),
    )
    for (name,) in await owned.fetchall():
        await connection.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(*name.split("."))))
