"""What was recorded: people who take part, and their rows as a test compares them."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from app.core import clock
from app.core.db import AnyConnection, Database
from tests.research.factories import ONLY_ACTIVITY, START, join, opened

Row = dict[str, Any]


async def taking_part(database: Database, *members: UUID) -> list[str]:
    """These members in a study of their own, with their activity; their pseudonyms."""
    study = await opened(database)
    with clock.at(START):
        receipts = [await join(database, study, member, ONLY_ACTIVITY) for member in members]
    return [receipt.pseudonym or "" for receipt in receipts]


async def rows(connection: AnyConnection) -> list[Row]:
    """Every row, by day and otherwise in no order: none is kept."""
    cursor = await connection.execute("SELECT * FROM research.activities ORDER BY day, id")
    return await cursor.fetchall()


async def shown(connection: AnyConnection, *names: str) -> list[tuple[Any, ...]]:
    """Whose each row is and some of its fields, sorted."""
    found = [
        (row["participant_id"], *(row[name] for name in names)) for row in await rows(connection)
    ]
    return sorted(found, key=str)


def context(database: Database) -> Any:
    """What a job is handed: as much as those of the studies use."""
    return SimpleNamespace(additional_context={"database": database})
