"""Three members and a moderator, each in a browser of their own."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from app.identity.roles import Role
from tests.community.factories import Browser, someone


@pytest.fixture
async def rowan(app: FastAPI) -> AsyncIterator[Browser]:
    """Who mostly writes."""
    async with (found := await someone(app, "Rowan")).client:
        yield found


@pytest.fixture
async def sky(app: FastAPI) -> AsyncIterator[Browser]:
    """Who mostly answers."""
    async with (found := await someone(app, "Sky")).client:
        yield found


@pytest.fixture
async def moss(app: FastAPI) -> AsyncIterator[Browser]:
    """Who reads along."""
    async with (found := await someone(app, "Moss")).client:
        yield found


@pytest.fixture
async def moderator(app: FastAPI) -> AsyncIterator[Browser]:
    """Who may read cases, and so hidden posts."""
    async with (found := await someone(app, "Sam at home", roles=(Role.MODERATOR,))).client:
        yield found
