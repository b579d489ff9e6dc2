"""Three members and a moderator, each in a browser of their own."""

import pytest

from tests.people import People, SignedIn


@pytest.fixture
async def rowan(people: People) -> SignedIn:
    """Who mostly writes."""
    return await people.member("Rowan")


@pytest.fixture
async def sky(people: People) -> SignedIn:
    """Who mostly answers."""
    return await people.member("Sky")


@pytest.fixture
async def moss(people: People) -> SignedIn:
    """Who reads along."""
    return await people.member("Moss")


@pytest.fixture
async def moderator(people: People) -> SignedIn:
    """Who may read cases, and so hidden posts."""
    return await people.moderator("Sam at home")
