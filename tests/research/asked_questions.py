"""Questions to a study over HTTP, and people to ask about."""

from uuid import UUID

from app.core import clock
from app.core.db import Database
from app.core.ids import new_id
from app.research.demographics import Area, Demographics
from app.research.models import Study
from tests.people import SignedIn
from tests.research.factories import ONLY_ACTIVITY, START, join
from tests.research.over_http import Json, ask

EVERYONE: Json = {"of": "taking_part"}


async def counted(
    researcher: SignedIn, study: Study, body: Json = EVERYONE, *, status: int = 200
) -> Json:
    """The table that answers a question."""
    return await ask(researcher, "POST", f"/studies/{study.id}/questions", body, status=status)


async def living_in(
    database: Database, study: Study, areas: dict[Area | None, int]
) -> dict[Area | None, list[UUID]]:
    """So many who take part in each area."""
    people: dict[Area | None, list[UUID]] = {}
    with clock.at(START):
        for area, number in areas.items():
            people[area] = [new_id() for _ in range(number)]
            for member in people[area]:
                await join(
                    database, study, member, ONLY_ACTIVITY, demographics=Demographics(area=area)
                )
    return people
