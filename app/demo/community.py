"""A whole synthetic community, from its seed to its rows."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from app.community import names
from app.core import clock, db, ids
from app.core.db import Database
from app.core.encryption import Encryption
from app.core.settings import Settings
from app.demo import cast, groups, questionnaires, sign_ins, studies_and_flags
from app.demo.cast import Person
from app.demo.script import Script
from app.demo.stage import Stage, actor_of
from app.identity.actors import Actor
from app.identity.letters import Letterbox
from app.identity.roles import is_staff

FROZEN_BEFORE: Final = timedelta(days=30)
LATELY: Final = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Made:
    """What was written, for the one who asked."""

    members: int
    posts: int
    replies: int
    reactions: int
    participants: int


async def is_empty(database: Database) -> bool:
    """Whether nobody has joined yet."""
    return not await db.fetch(database.pool, "SELECT 1 FROM community.members LIMIT 1")


async def make(
    database: Database,
    settings: Settings,
    *,
    members: int,
    days: int,
    seed: int,
    until: datetime,
) -> Made:
    """Write a community that has lived for `days`; the same arguments write the same one.

    Needs an empty database. The demo accounts come first.
    """
    random = Random(seed)
    start = until - timedelta(days=days)
    people = cast.cast(random, members=members, start=start, days=days)
    with clock.at(start), ids.drawn_from(random):
        await sign_ins.make(database, settings)
    known = await actors_of_sign_ins(database)
    letterbox = Letterbox(Encryption(settings.secrets), settings.server.origin)
    stage = Stage(database, letterbox, random, known=list(known.values()))
    people = [_first_of(start, one) if one.index < len(known) else one for one in people]
    await stage.enter(people)
    study_at = start + timedelta(days=days / 5)
    study_id = await studies_and_flags.open_study(
        database, known["researcher"], adviser=known["adviser"], at=study_at
    )
    joined = _joining(random, people, after=study_at, until=until)
    acts = Script(random, people, start=start, until=until).write()
    # A first dataset was frozen a while ago, so that the next may be frozen today.
    frozen_at = until - FROZEN_BEFORE
    await studies_and_flags.join_study(stage, study_id, joined, until=frozen_at)
    await stage.play(act for act in acts if act.at < frozen_at)
    if frozen_at > study_at:
        await studies_and_flags.freeze(
            database,
            study_id,
            by=known["researcher"],
            checker=known["checker"],
            at=frozen_at,
        )
    await studies_and_flags.join_study(stage, study_id, joined, since=frozen_at)
    await stage.play(act for act in acts if act.at >= frozen_at)
    await groups.gather(
        database,
        Random(seed),
        known,
        [stage.actors[person.index] for person in people[len(known) :]],
        until=until,
        zone=ZoneInfo(settings.care.time_zone),
    )
    await studies_and_flags.keep_hours(database)
    await studies_and_flags.flag(stage, acts, until=until)
    await questionnaires.answer(database, study_id, joined, stage.actors, Random(seed), until=until)
    # The demo's member joined lately and has not answered yet: their questions wait.
    await studies_and_flags.join_study(stage, study_id, {0: max(study_at, until - LATELY)})
    kinds = [act.kind for act in acts]
    return Made(
        members=len(stage.actors),
        posts=kinds.count("publish"),
        replies=kinds.count("reply"),
        reactions=kinds.count("react"),
        participants=len(joined) + 1,
    )


async def actors_of_sign_ins(database: Database) -> dict[str, Actor]:
    """The demo sign-ins by what stands before their @."""
    found = {}
    for local_part, display_name, role in sign_ins.PEOPLE:
        key = names.key_of(display_name)
        (row,) = await db.fetch(
            database.pool,
            "SELECT a.id, a.member_id FROM identity.accounts a"
            " JOIN community.members m ON m.id = a.member_id WHERE m.display_key = %s",
            (key,),
        )
        found[local_part] = actor_of(row["id"], row["member_id"], role)
    return found


def _first_of(start: datetime, person: Person) -> Person:
    """A demo account in place of one of the cast: there from the start; the member writes."""
    weight = 2.0 if person.index == 0 else 0.0
    return Person(person.index, "", "", start, weight, weight, weight)


def _joining(
    random: Random, people: list[Person], *, after: datetime, until: datetime
) -> dict[int, datetime]:
    """Who takes part, and from when. Staff are never participants."""
    staff = {
        index for index, (_, _, role) in enumerate(sign_ins.PEOPLE) if is_staff(frozenset({role}))
    }
    found = {}
    for person in people[1:]:
        if person.index in staff:
            continue
        first = max(after, person.joined_at) + timedelta(days=1)
        if first < until and random.random() < studies_and_flags.SHARE_JOINING:
            found[person.index] = first + (until - first) * random.random() * 0.5
    return found
