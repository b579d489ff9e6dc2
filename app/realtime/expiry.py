"""Sign-ins that run out by themselves leave no event; their sockets are found by asking."""

import asyncio

import psycopg
from psycopg_pool import PoolTimeout

from app.core import clock, db
from app.core.logs import logger
from app.realtime.connection import SIGNED_OUT
from app.realtime.hub import Hub

LOOK_EVERY_SECONDS = 120.0

_LIVING = "SELECT id FROM identity.sessions WHERE id = ANY(%s) AND ends_at > %s"


async def watch_sessions(pool: db.Pool, hub: Hub, *, every: float = LOOK_EVERY_SECONDS) -> None:
    """Close the sockets of sign-ins that have run out, again and again."""
    while True:
        await asyncio.sleep(every)
        try:
            await close_expired(pool, hub)
        except (psycopg.Error, PoolTimeout, OSError) as error:
            logger.warning("sign-ins of sockets can't be seen", error=type(error).__name__)


async def close_expired(pool: db.Pool, hub: Hub) -> int:
    """One statement for all sockets; returns how many were closed."""
    asked = {connection.session_id for connection in hub.connections}
    if not asked:
        return 0
    rows = await db.fetch(pool, _LIVING, (list(asked), clock.now()))
    ended = asked - {row["id"] for row in rows}
    closing = [one for one in hub.connections if one.session_id in ended]
    for connection in closing:
        hub.dismiss(connection, SIGNED_OUT)
    return len(closing)
