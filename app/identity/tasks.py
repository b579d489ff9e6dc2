"""Tidying up once an hour: what has run out goes, and unconfirmed accounts are let go."""

from datetime import timedelta
from typing import Final, LiteralString

from procrastinate import Blueprint, JobContext
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock, db, limits
from app.core.db import Database, unit_of_work
from app.core.encryption import Encryption
from app.core.settings import Settings
from app.identity import accounts
from app.identity.letters import Letterbox

identity_tasks = Blueprint()

#: An address nobody confirmed for so long is forgotten, and its name is free again.
UNVERIFIED_LASTS: Final = timedelta(days=7)
BATCH: Final = 100

_RUN_OUT: Final[tuple[LiteralString, ...]] = (
    "DELETE FROM identity.mailed_links WHERE expires_at <= %s",
    "DELETE FROM identity.sessions WHERE ends_at <= %s",
    "DELETE FROM identity.known_browsers WHERE ends_at <= %s",
)

_UNVERIFIED = f"""
    SELECT id FROM identity.accounts
    WHERE verified_at IS NULL AND closed_at IS NULL AND created_at <= %s
    ORDER BY created_at LIMIT {BATCH}
    FOR UPDATE SKIP LOCKED
"""  # noqa: S608 - a constant of ours


@identity_tasks.periodic(cron="17 * * * *")
@identity_tasks.task(name="tidy_up", pass_context=True, queueing_lock="identity:tidy_up")
async def tidy_up(context: JobContext, timestamp: int) -> None:
    """Forget what has run out. May run twice."""
    database: Database = context.additional_context["database"]
    encryption: Encryption = context.additional_context["encryption"]
    settings: Settings = context.additional_context["settings"]
    async with unit_of_work(database) as session:
        await forget_what_ran_out(session)
    letterbox = Letterbox(encryption, settings.server.origin)
    while True:
        async with unit_of_work(database) as session:
            if await let_go_of_unverified(session, letterbox) < BATCH:
                return


async def forget_what_ran_out(session: AsyncSession) -> None:
    """Delete links and sign-ins that can't be used any more, and tries that no longer count."""
    connection = await db.driver(session)
    for forget in _RUN_OUT:
        await connection.execute(forget, (clock.now(),))
    await limits.forget(session)


async def let_go_of_unverified(session: AsyncSession, letterbox: Letterbox) -> int:
    """Close a batch of accounts that nobody confirmed; returns how many there were."""
    connection = await db.driver(session)
    cursor = await connection.execute(_UNVERIFIED, (clock.now() - UNVERIFIED_LASTS,))
    found = await cursor.fetchall()
    for (account_id,) in found:
        await accounts.close(
            session, letterbox, account_id=account_id, erase_study_data=True, is_told=False
        )
    return len(found)
