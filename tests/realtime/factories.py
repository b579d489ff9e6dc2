"""Members who are signed in, and events, straight into the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from app.community.events import PostEdited
from app.core import clock, db, events
from app.core.db import Database, unit_of_work
from app.core.ids import new_id
from app.core.settings import SessionSettings
from app.identity import sessions, staff
from app.identity.roles import Role
from app.moderation.events import CASES, CaseOpened
from app.realtime.topics import WALL_KEY

_ACCOUNT = """
    INSERT INTO identity.accounts (id, member_id, email_hash, email_sealed, password_hash,
      is_demo, adult_affirmed_at, rules_agreed_at, created_at, verified_at)
    VALUES (%(id)s, %(member_id)s, %(hash)s, %(hash)s, 'none', false, %(now)s, %(now)s, %(now)s,
      %(now)s)
"""


@dataclass(frozen=True)
class SignedIn:
    """Someone with an open sign-in."""

    account_id: UUID
    member_id: UUID
    session_id: UUID
    token: str

    @property
    def cookie(self) -> str:
        return f"session={self.token}"


async def a_member(database: Database, *, is_moderator: bool = False) -> SignedIn:
    """A confirmed member, signed in; a moderator with the second factor passed."""
    account_id, member_id = new_id(), new_id()
    async with unit_of_work(database) as session:
        connection = await db.driver(session)
        values = {"id": account_id, "member_id": member_id, "hash": account_id.bytes}
        await connection.execute(_ACCOUNT, {**values, "now": clock.now()})
        if is_moderator:
            await staff.grant(
                session,
                account_id=account_id,
                role=Role.MODERATOR,
                reason="A test.",
                granter_id=None,
            )
    opened = await sessions.open(
        database.pool,
        SessionSettings(),
        account_id=account_id,
        description="A browser",
        is_second_factor_passed=is_moderator,
    )
    return SignedIn(account_id, member_id, opened.id, opened.token)


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
