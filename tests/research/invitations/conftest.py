"""A study that asks in two waves, and somebody who joined at its start."""

from typing import Any

import pytest

from app.core.encryption import Encryption
from tests.people import People, SignedIn
from tests.research.asked_studies import AskedStudy, asked_study


@pytest.fixture
async def study(researcher: SignedIn) -> AskedStudy:
    return await asked_study(researcher)


@pytest.fixture
async def member(people: People, study: AskedStudy) -> SignedIn:
    found = await people.member()
    await study.join(found)
    return found


@pytest.fixture
def encryption(app: Any) -> Encryption:
    found: Encryption = app.state.encryption
    return found
