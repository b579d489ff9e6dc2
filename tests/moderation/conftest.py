"""Two members and two moderators."""

import pytest

from tests.people import People, SignedIn


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
