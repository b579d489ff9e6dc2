"""The people of these tests."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import psycopg
import pytest
from fastapi import FastAPI

from app.core.db import AnyConnection, Database
from app.core.settings import Settings
from tests.moderation.factories import House, Signed


@pytest.fixture
async def house(app: FastAPI, database: Database, settings: Settings) -> AsyncIterator[House]:
    """Makes people and posts."""
    async with AsyncExitStack() as stack:
        yield House(app, database, settings, stack)


@pytest.fixture
async def rowan(house: House) -> Signed:
    """Rowan writes."""
    return await house.member("Rowan")


@pytest.fixture
async def sky(house: House) -> Signed:
    """Sky reads and flags."""
    return await house.member("Sky")


@pytest.fixture
async def sam(house: House) -> Signed:
    """Sam moderates."""
    return await house.moderator("Sam")


@pytest.fixture
async def ash(house: House) -> Signed:
    """Ash moderates too."""
    return await house.moderator("Ash")


@pytest.fixture
async def owner(database_url: str) -> AsyncIterator[AnyConnection]:
    """Whoever owns the database and has switched its triggers off."""
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as opened:
        await opened.execute("SET session_replication_role = replica")
        yield opened


@pytest.fixture
async def lived(house: House, rowan: Signed, sky: Signed, sam: Signed) -> None:
    """Some history: two cases opened, seen, claimed; one decided."""
    for is_decided in (True, False):
        case_id = await house.case(await house.post(rowan), sky, sam)
        await sam.get(f"/cases/{case_id}")
        if is_decided:
            await sam.decide(case_id, "fold")
