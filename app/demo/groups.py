"""The programme of the synthetic community: groups in nine areas and online, and who came."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from app.core import clock, ids
from app.core.db import Database, unit_of_work
from app.demo.stage import actor_of
from app.identity import staff
from app.identity.actors import Actor
from app.identity.roles import Role
from app.programme import attendance, groups, hosts, meetings, memberships, organisations
from app.programme import participation_codes as codes
from app.programme.choices import GroupKind, GroupMode
from app.programme.groups import GroupWords
from app.programme.meetings import MeetingPlan

ORGANISATIONS: Final = ("Harbour Minds", "Open Door Network", "Steady Company")
#: The areas of the real programme (docs/research.md names the source).
AREAS: Final = (
    "Coventry and Warwickshire",
    "Devon",
    "Kensington & Chelsea and Westminster",
    "Lancashire",
    "Leeds",
    "Northamptonshire",
    "Southampton and New Forest",
    "Suffolk",
    "Teesside",
)
#: Name, place, kind; the first is run by the demo's host, each of the nine in an area of its own.
IN_PERSON: Final = (
    ("Tuesday circle", "The library, first floor", GroupKind.PEER_LED),
    ("Allotment mornings", "The allotments, gate two", GroupKind.ACTIVITY_BASED),
    ("Kettle's on", "Community centre, room 3", GroupKind.PEER_LED),
    ("Talking walks", "By the park gate", GroupKind.ACTIVITY_BASED),
    ("Ups and downs", "Health centre, meeting room", GroupKind.FACILITATED),
    ("Evening drop-in", "The old school, side door", GroupKind.PEER_LED),
    ("Side by side over coffee", "The market café", GroupKind.ONE_TO_ONE),
    ("Paint and pause", "Arts workshop", GroupKind.ACTIVITY_BASED),
    ("Saturday company", "The town hall annexe", GroupKind.FACILITATED),
)
#: The first is run by the demo's host as well.
ONLINE: Final = (
    ("Quiet hour", GroupKind.PEER_LED),
    ("Bipolar evenings", GroupKind.FACILITATED),
    ("Night owls", GroupKind.PEER_LED),
)
ABOUT: Final = "We meet once a week. Come as you are, say as much or as little as you like."
HELD, PLANNED = 4, 4
MEMBERS_A_GROUP, CARDS_A_GROUP = 6, 2
#: How likely somebody who goes there is to come.
COMES: Final = 0.7


@dataclass(frozen=True, slots=True)
class Circle:
    """A group with its host, who goes there, and when it meets."""

    group_id: UUID
    host: Actor
    members: list[Actor]
    weekday: int


async def gather(
    database: Database,
    random: Random,
    known: dict[str, Actor],
    people: list[Actor],
    *,
    until: datetime,
    zone: ZoneInfo,
) -> None:
    """Start the programme long ago, let groups meet each week, and write down who came."""
    hosts_of = [known["host"], *people[:4]]
    goers = [known["member"], *people[4:]]
    with clock.at(until - timedelta(weeks=HELD + 1)), ids.drawn_from(random):
        circles = await _start(database, random, hosts_of, goers)
    for circle in circles:
        await _meet(database, random, circle, until=until, zone=zone)


async def _start(
    database: Database, random: Random, hosts_of: list[Actor], goers: list[Actor]
) -> list[Circle]:
    made = []
    async with unit_of_work(database) as session:
        for host in hosts_of[1:]:
            await staff.grant(
                session,
                account_id=host.account_id,
                role=Role.HOST,
                reason="A host of the demo.",
                granter_id=None,
            )
        owners = [
            (await organisations.add_organisation(session, name=name)).id for name in ORGANISATIONS
        ]
        areas = [(await organisations.add_area(session, name=name)).id for name in AREAS]
        for at, words in enumerate(_words(owners, areas)):
            group = await groups.start(session, words)
            host = hosts_of[0] if at in {0, len(IN_PERSON)} else random.choice(hosts_of[1:])
            await hosts.add(session, group.id, account_id=host.account_id)
            some = random.sample(goers[1:], min(MEMBERS_A_GROUP, len(goers) - 1))
            some = [goers[0], *some] if at == 0 else some
            for member in some:
                await memberships.join(session, member, group.id)
            made.append(Circle(group.id, host, some, weekday=at % 5))
    return made


def _words(owners: list[UUID], areas: list[UUID]) -> list[GroupWords]:
    meeting = [
        GroupWords(owner, area, name, GroupMode.IN_PERSON, kind, ABOUT, place)
        for (name, place, kind), area, owner in zip(IN_PERSON, areas, owners * 3, strict=True)
    ]
    online = [
        GroupWords(owner, None, name, GroupMode.ONLINE, kind, ABOUT, "")
        for (name, kind), owner in zip(ONLINE, owners, strict=True)
    ]
    return meeting + online


async def _meet(
    database: Database, random: Random, circle: Circle, *, until: datetime, zone: ZoneInfo
) -> None:
    """A row of weeks, of which the first are over; a list for each of these."""
    today = until.astimezone(zone).date()
    first = today - timedelta(weeks=HELD, days=(today.weekday() - circle.weekday) % 7)
    plan = MeetingPlan(day=first, at=time(18, 30), minutes=90, weeks=HELD + PLANNED)
    host = actor_of(circle.host.account_id, circle.host.member_id, Role.HOST)
    with clock.at(until - timedelta(weeks=HELD + 1)), ids.drawn_from(random):
        async with unit_of_work(database) as session:
            planned = await meetings.plan(session, host, circle.group_id, plan, zone=zone)
            held = [(one.id, one.starts_at) for one in planned[:HELD]]
            cards = [await codes.give(session, host, circle.group_id) for _ in range(CARDS_A_GROUP)]
    for meeting_id, starts_at in held:
        if starts_at > until:
            continue
        with clock.at(starts_at + timedelta(minutes=10)), ids.drawn_from(random):
            async with unit_of_work(database) as session:
                for member in circle.members:
                    if random.random() < COMES:
                        await attendance.record_member(session, host, meeting_id, member.member_id)
                for card in cards:
                    if random.random() < COMES:
                        await attendance.record_code(session, host, meeting_id, card)
                await attendance.count_others(session, host, meeting_id, random.randrange(3))
