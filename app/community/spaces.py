"""Spaces: the places where posts stand, each a row. Which of them is the wall, its row says."""

from typing import Final
from uuid import UUID

from psycopg.rows import scalar_row

from app.core.db import AnyConnection

#: The id of the wall, in a statement.
WALL: Final = "(SELECT w.id FROM community.spaces w WHERE w.kind = 'wall')"


async def wall(connection: AnyConnection) -> UUID:
    """The id of the wall."""
    cursor = connection.cursor(row_factory=scalar_row)
    await cursor.execute(f"SELECT {WALL}")
    return UUID(str(await cursor.fetchone()))
