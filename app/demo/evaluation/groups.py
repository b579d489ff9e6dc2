"""The groups of the programme in the database, and the numbers that they have in the study."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import db
from app.demo.evaluation.places import Place
from app.demo.evaluation.planted import Planted
from app.demo.groups import ABOUT, AREAS, ORGANISATIONS
from app.identity.actors import Actor
from app.programme import groups, hosts, organisations
from app.programme.groups import GroupWords

_ORGANISATIONS: Final = "SELECT name, id FROM programme.organisations"
_AREAS: Final = "SELECT name, id FROM programme.areas"
_CLUSTER: Final = (
    "INSERT INTO research.clusters (study_id, kind, number, thing_id) VALUES (%s, %s, %s, %s)"
)
_MOST_CLUSTERS: Final = 9_999


@dataclass(frozen=True, slots=True)
class Started:
    """A group with its area, and the random numbers of both in the study."""

    id: UUID
    area_id: UUID | None
    cluster: int
    area_cluster: int | None


async def start(
    session: AsyncSession,
    planted: Planted,
    places: Sequence[Place],
    *,
    host: Actor,
    study_id: UUID,
) -> list[Started]:
    """All of them, each with the demo's host; areas and organisations that are there are used."""
    owners = await _organisations(session)
    areas = await _areas(session)
    ids = []
    for number, place in enumerate(places):
        words = GroupWords(
            organisation_id=owners[number % len(owners)],
            area_id=None if place.area is None else areas[place.area],
            name=place.name,
            mode=place.mode,
            kind=place.kind,
            about=ABOUT,
            place="" if place.area is None else "The community centre",
        )
        group = await groups.start(session, words)
        await hosts.add(session, group.id, account_id=host.account_id)
        ids.append(group.id)
    of_groups = await _numbered(session, planted, study_id, "group", ids)
    of_areas = await _numbered(session, planted, study_id, "area", areas)
    return [
        Started(one, None, cluster, None)
        if place.area is None
        else Started(one, areas[place.area], cluster, of_areas[place.area])
        for place, one, cluster in zip(places, ids, of_groups, strict=True)
    ]


async def _organisations(session: AsyncSession) -> list[UUID]:
    known = await _known(session, _ORGANISATIONS)
    return [
        known.get(name) or (await organisations.add_organisation(session, name=name)).id
        for name in ORGANISATIONS
    ]


async def _areas(session: AsyncSession) -> list[UUID]:
    known = await _known(session, _AREAS)
    return [
        known.get(name) or (await organisations.add_area(session, name=name)).id for name in AREAS
    ]


async def _known(session: AsyncSession, statement: str) -> dict[str, UUID]:
    connection = await db.driver(session)
    cursor = await connection.execute(statement)
    return dict(await cursor.fetchall())


async def _numbered(
    session: AsyncSession, planted: Planted, study_id: UUID, kind: str, things: Sequence[UUID]
) -> list[int]:
    """A random number for each, as the study would draw it when somebody first comes."""
    numbers = planted.chance("clusters", kind).sample(range(1, _MOST_CLUSTERS + 1), len(things))
    connection = await db.driver(session)
    rows = [(study_id, kind, *one) for one in zip(numbers, things, strict=True)]
    await connection.cursor().executemany(_CLUSTER, rows)
    return numbers
