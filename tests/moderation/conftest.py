"""The people of these tests."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from fastapi import FastAPI

from app.core.db import Database
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
