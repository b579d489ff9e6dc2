"""Two members and two moderators."""

from collections.abc import AsyncIterator

import psycopg
import pytest

from app.core.db import AnyConnection
from tests.moderation.factories import case_about
from tests.people import People, SignedIn, id_of


@pytest.fixture
async def rowan(people: People) -> SignedIn:
    """Rowan writes."""
    return await people.member("Rowan")


@pytest.fixture
async def sky(people: People) -> SignedIn:
    """Sky reads and flags."""
    return await people.member("Sky")


@pytest.fixture
async def sam(people: People) -> SignedIn:
    """Sam moderates."""
    return await people.moderator("Sam")


@pytest.fixture
async def ash(people: People) -> SignedIn:
    """Ash moderates too."""
    return await people.moderator("Ash")


@pytest.fixture
async def owner(database_url: str) -> AsyncIterator[AnyConnection]:
    """Whoever owns the database and has switched its triggers off."""
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as opened:
        await opened.execute("SET session_replication_role = replica")
        yield opened


@pytest.fixture
async def lived(rowan: SignedIn, sky: SignedIn, sam: SignedIn) -> None:
    """Some history: two cases opened, seen, claimed; one decided."""
    for is_decided in (True, False):
        case_id = await case_about(id_of(await rowan.publish()), sky, sam)
        await sam.get(f"/cases/{case_id}")
        if is_decided:
            await sam.decide(case_id, "fold")
