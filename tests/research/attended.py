"""Somebody in a study who comes to meetings, and the rows of it."""

from typing import Any, LiteralString
from uuid import UUID

from app.core import clock
from app.core.db import AnyConnection, Database
from app.core.ids import new_id
from app.research.models import Purpose, Study
from tests.research.factories import ONLY_ACTIVITY, START, join, opened

Row = dict[str, Any]
GROUP, AREA = new_id(), new_id()


async def kept_rows(connection: AnyConnection, what: str = "attendances") -> list[Row]:
    """All attendances, or all clusters, in order."""
    query: LiteralString = "SELECT * FROM research.attendances ORDER BY day, times DESC, minutes"
    if what == "clusters":
        query = "SELECT * FROM research.clusters ORDER BY kind"
    return await (await connection.execute(query)).fetchall()


async def in_study(
    database: Database, member: UUID, choices: dict[Purpose, bool] = ONLY_ACTIVITY
) -> tuple[Study, str]:
    """A study that the member takes part in, and their pseudonym."""
    study = await opened(database)
    with clock.at(START):
        receipt = await join(database, study, member, choices)
    return study, receipt.pseudonym or ""
