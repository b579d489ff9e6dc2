"""An office, a host with a group that meets in person, and a member."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.core import clock
from app.identity.roles import Role
from tests.people import Json, People, SignedIn

#: A Tuesday in winter, when London has UTC.
NOW = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Office:
    """The office sets the programme up, over HTTP."""

    by: SignedIn
    organisation_id: str
    area_id: str

    async def start(self, **other: Any) -> Json:
        """A new group; in person and peer-led unless it is said otherwise."""
        answer = await self.by.post("/programme/groups", **self.words(**other))
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def words(self, **other: Any) -> Json:
        """All that is said of a group."""
        return {
            "organisation_id": self.organisation_id,
            "area_id": self.area_id,
            "name": "Tuesday circle",
            "mode": "in_person",
            "kind": "peer_led",
            "about": "We meet, drink tea and talk.",
            "place": "The library, first floor",
            **other,
        }


@pytest.fixture
async def admin(people: People) -> SignedIn:
    """Who may set the programme up."""
    return await people.member("The office", roles=(Role.ADMINISTRATOR,))


@pytest.fixture
async def office(admin: SignedIn) -> Office:
    """One organisation and one area stand."""
    organisation = await admin.post("/programme/organisations", name="Harbour Minds")
    area = await admin.post("/programme/areas", name="Leeds")
    return Office(admin, organisation.json()["id"], area.json()["id"])


@pytest.fixture
async def host(people: People) -> SignedIn:
    """Who runs the group."""
    return await people.member("Marlow", roles=(Role.HOST,))


@pytest.fixture
async def rowan(people: People) -> SignedIn:
    """A member."""
    return await people.member("Rowan")


@pytest.fixture
async def group(office: Office, host: SignedIn) -> Json:
    """A group with its host."""
    made = await office.start()
    answer = await office.by.put(f"/programme/groups/{made['id']}/hosts/{host.member_id}")
    assert answer.status_code == 204, answer.text
    return made


async def meeting_of(host: SignedIn, group: Json, *, hours_ago: float = 1) -> str:
    """The id of a meeting that began so long ago."""
    began = clock.now() - timedelta(hours=hours_ago)
    answer = await host.post(
        f"/groups/{group['id']}/meetings",
        day=f"{began:%Y-%m-%d}",
        at=f"{began:%H:%M}",
        minutes=90,
    )
    assert answer.status_code == 201, answer.text
    listed = (await host.get(f"/groups/{group['id']}/meetings"))["items"]
    return str(
        next(one["id"] for one in listed if one["starts_at"][:16] == f"{began:%Y-%m-%dT%H:%M}")
    )
