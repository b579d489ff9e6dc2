"""What moderation looks for once a minute: worries that nobody picks up, sanctions that are over.

The worker looks itself, for a look that finds nothing writes nothing. A job of the queue is asked
for, taken and finished by writes, which reach the disk every minute also when nothing happens.
Several workers may look at once: a case is locked while its letters are made, and a sanction that
is over is told of once.
"""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import Final

from app.core.db import Database, unit_of_work
from app.core.logs import logger
from app.identity.letters import Letterbox
from app.moderation import alerts, sanctions

EVERY: Final = timedelta(minutes=1)


async def look_again_and_again(database: Database, letterbox: Letterbox, *, zone: str) -> None:
    """A look at the start and every minute, until cancelled. `zone` is the team's time zone, by
    its IANA name."""
    while True:
        await look(database, letterbox, zone=zone)
        await asyncio.sleep(EVERY.total_seconds())


async def look(database: Database, letterbox: Letterbox, *, zone: str) -> None:
    """Write to those who answer for safety; then tell members that a sanction of theirs is over. It
    ended without this. One that fails leaves the other alone, and is tried again in a minute."""
    await _tried(_alert(database, letterbox, zone), "worries are looked for later")
    await _tried(_tell_over(database), "sanctions that are over are told of later")


async def _tried(work: Awaitable[None], put_off: str) -> None:
    try:
        await work
    except Exception:
        logger.exception(put_off)


async def _alert(database: Database, letterbox: Letterbox, zone: str) -> None:
    async with unit_of_work(database) as session:
        await alerts.send(session, letterbox, zone=zone)


async def _tell_over(database: Database) -> None:
    is_one_over = True
    while is_one_over:
        async with unit_of_work(database) as session:
            is_one_over = await sanctions.tell_over(session)
