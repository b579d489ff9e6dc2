"""Events, straight into the database."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from app.community.events import PostEdited
from app.core import clock, events
from app.core.db import Database, unit_of_work
from app.core.ids import new_id
from app.moderation.events import CASES, CaseOpened
from tests.wall import WALL_KEY


def edited(number: int, thread: int = 0) -> PostEdited:
    """An event that can be told from others by its number."""
    return PostEdited(
        post_id=UUID(int=number),
        thread_id=UUID(int=thread),
        author_id=UUID(int=1),
        length=1,
        revision=2,
    )


async def tell(
    database: Database, numbers: Sequence[int], topics: Sequence[str] = (WALL_KEY,)
) -> None:
    """Something happens once for each number, in one unit of work."""
    async with unit_of_work(database) as session:
        for number in numbers:
            await events.record(session, edited(number), topics=topics)


async def open_case(database: Database) -> None:
    """A case opens, as far as live pages are concerned."""
    async with unit_of_work(database) as session:
        opened = CaseOpened(case_id=new_id(), is_worried=False)
        await events.record(session, opened, topics=[CASES])


async def tell_many(database: Database, count: int) -> None:
    """So much at once that a client who does not read is noticed."""
    event = edited(0)
    async with database.pool.connection() as connection:
        await connection.execute(
            "INSERT INTO core.events (type, occurred_at, topics, payload)"
            " SELECT %s, now(), ARRAY[%s], %s::jsonb FROM generate_series(1, %s)",
            (event.type, WALL_KEY, event.model_dump_json(), count),
        )


async def run_out(database: Database, session_id: UUID) -> None:
    """The sign-in ends by itself, without an event."""
    async with database.pool.connection() as connection:
        await connection.execute(
            "UPDATE identity.sessions SET created_at = created_at - %s,"
            " last_seen_at = last_seen_at - %s, ends_at = %s WHERE id = %s",
            (timedelta(days=90), timedelta(days=90), clock.now() - timedelta(days=1), session_id),
        )
