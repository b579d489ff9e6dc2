"""A frozen dataset and the folder that was downloaded of it; and people with browsers."""

from pathlib import Path
from uuid import UUID

import pytest

from app.core import clock
from app.core.db import Database
from app.identity.roles import Role
from app.research import edition_making
from app.research.dataset_models import Dataset
from app.research.models import Study
from tests.people import People, SignedIn
from tests.research.community_events import happen_and_learn, published, reacted
from tests.research.factories import (
    START,
    Frozen,
    download,
    freeze,
    later,
    opened,
    release,
    several,
    withdraw,
)
from tests.research.made_editions import AT_ONCE, computed, make, write
from tests.research.over_http import Json


@pytest.fixture
async def frozen(database: Database) -> tuple[Study, Dataset, list[UUID]]:
    """Six people; two answer each other, one answers herself, one goes to someone outside."""
    study = await opened(database, "What helps, said “Ruß, Ł and” others")
    with clock.at(START):
        members = await several(database, study, 6)
        leaver = (await several(database, study, 1))[0]
    one, other, third, *_ = members
    with clock.at(later(days=2, hours=8)):
        await happen_and_learn(
            database,
            [
                published(one, length=2_000),
                published(other, to=one),
                published(other, to=one),
                reacted(one, other),
                published(third, to=third),
                published(third, to=leaver),
                reacted(leaver, third),
            ],
        )
    with clock.at(later(days=3)):
        await withdraw(database, study, leaver)
        dataset = await freeze(database, study)
        await release(database, dataset)
    return study, dataset, members


@pytest.fixture
async def downloaded(database: Database, frozen: Frozen, tmp_path: Path) -> Path:
    """A folder as it was handed out."""
    return await download(database, frozen[1], tmp_path / "out")


@pytest.fixture
async def researcher(people: People) -> SignedIn:
    """Dr Wren runs studies."""
    return await people.member("Dr Wren", roles=(Role.RESEARCHER,))


@pytest.fixture
async def members(people: People) -> list[SignedIn]:
    """Seven members."""
    return [await people.member() for _ in range(7)]


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """An edition is made by a process that is quick."""
    monkeypatch.setattr(edition_making, "COMMAND", AT_ONCE)


@pytest.fixture
async def adviser(people: People) -> SignedIn:
    """Linden advises."""
    return await people.member("Linden", roles=(Role.ADVISER,))


@pytest.fixture
async def made(database: Database, frozen: Frozen, researcher: SignedIn) -> Json:
    """An edition that is ready, with a text."""
    await computed(database, frozen[1])
    await write(researcher, frozen[1], "Of all, [[retention.kept_84]] stayed.")
    return await make(database, researcher, frozen[1])
