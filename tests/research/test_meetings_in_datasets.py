"""Meetings in a dataset: exact doses with groups and areas inside, bands outside."""

from itertools import pairwise
from typing import Any
from uuid import UUID

import polars as pl

from app.core import clock
from app.core.db import AnyConnection, Database
from app.core.ids import new_id
from app.research import codebook
from app.research.bands import MEASURES, Options
from app.research.exports.files import read_frame
from app.research.exports.succession import succeed
from app.research.period_file import PERSON
from app.research.special_codes import NOT_APPLICABLE
from tests.research.community_events import came, happen_and_learn, published, taken_off
from tests.research.factories import freeze, later, withdraw
from tests.research.told import ACTIVITY, asking, joined

MEETINGS = Options(measures=("meetings",))
OF_MEETINGS = ("meetings", "meeting_minutes", "group_cluster", "area_cluster")


async def _numbers(connection: AnyConnection) -> dict[UUID, int]:
    cursor = await connection.execute("SELECT thing_id, number FROM research.clusters")
    return {row["thing_id"]: row["number"] for row in await cursor.fetchall()}


async def _person(connection: AnyConnection, member: UUID) -> str:
    cursor = await connection.execute(
        "SELECT participant_id FROM identity.study_links WHERE member_id = %s", (member,)
    )
    row = await cursor.fetchone()
    assert row is not None
    return str(row["participant_id"])


def _of(frame: pl.DataFrame, who: str) -> list[tuple[Any, ...]]:
    rows = frame.filter(pl.col(PERSON) == who).sort("period")
    return rows.select("period", *OF_MEETINGS).rows()


async def test_doses_hold_meetings_minutes_and_the_group_of_most(
    database: Database, connection: AnyConnection
) -> None:
    study = await asking(database)
    goer, writer, equal, other, _ = await joined(database, study, 5, ACTIVITY)
    often, once, here, there = (new_id() for _ in range(4))
    mistaken = came(goer, later(days=5), group=once, area=there, minutes=120)
    with clock.at(later(days=10)):
        await happen_and_learn(
            database,
            [
                came(goer, later(days=1), group=often, area=here, minutes=60),
                came(goer, later(days=2), group=often, area=here, minutes=60),
                came(goer, later(days=3), group=once, area=there, minutes=90),
                *(mistaken, taken_off(mistaken), mistaken, taken_off(mistaken)),
                *(came(equal, later(days=3), group=each) for each in (often, once)),
                *(came(other, later(days=day), group=once) for day in (1, 2)),
                came(other, later(days=3), group=often),
                published(writer),
            ],
        )
    with clock.at(later(days=100)):
        await happen_and_learn(database, [came(goer, later(days=99), group=once)])
        dataset = await freeze(database, study, MEETINGS)
    frame = await read_frame(database, dataset.id, "doses")
    numbers, nothing = await _numbers(connection), (0, 0, NOT_APPLICABLE, NOT_APPLICABLE)
    assert _of(frame, await _person(connection, goer)) == [
        (1, 3, 210, numbers[often], numbers[here]),
        (2, 1, 90, numbers[once], NOT_APPLICABLE),
    ]
    theirs = _of(frame, await _person(connection, other))
    assert theirs[0] == (1, 3, 270, numbers[once], NOT_APPLICABLE), "most, whichever is lower"
    lower = min(numbers[often], numbers[once])
    alike = _of(frame, await _person(connection, equal))
    assert alike[0] == (1, 2, 180, lower, NOT_APPLICABLE)
    assert _of(frame, await _person(connection, writer)) == [(1, *nothing), (2, *nothing)]
    posts = frame.filter(pl.col(PERSON) == await _person(connection, goer)).get_column("posts")
    assert posts.to_list() == [0, 0], "a meeting is no act on the wall"


async def test_the_area_is_that_of_most_meetings_of_the_group_and_not_of_all(
    database: Database, connection: AnyConnection
) -> None:
    study = await asking(database)
    goer, *_ = await joined(database, study, 5, ACTIVITY)
    moved, other, before, after, third = (new_id() for _ in range(5))
    with clock.at(later(days=20)):
        held = [(moved, before), (moved, after), (moved, after), (other, third), (other, third)]
        events = [
            came(goer, later(days=day), group=group, area=area)
            for day, (group, area) in enumerate(held, start=1)
        ]
        await happen_and_learn(database, events)
        dataset = await freeze(database, study, MEETINGS)
    numbers = await _numbers(connection)
    frame = await read_frame(database, dataset.id, "doses")
    assert _of(frame, await _person(connection, goer)) == [
        (1, 5, 450, numbers[moved], numbers[after])
    ]


async def test_what_was_after_the_cut_is_not_in_it(
    database: Database, connection: AnyConnection
) -> None:
    study = await asking(database)
    goer, *_ = await joined(database, study, 5, ACTIVITY)
    with clock.at(later(days=10)):
        first = await freeze(database, study, MEETINGS)
    with clock.at(later(days=50)):
        held = (later(days=day) for day in (37, 38, 39))
        await happen_and_learn(database, [came(goer, at, group=new_id()) for at in held])
        second = await freeze(database, study, MEETINGS)
    assert (second.cut_off - first.cut_off).days == 28
    frame = await read_frame(database, second.id, "doses")
    assert [row[1] for row in _of(frame, await _person(connection, goer))] == [2]


async def test_the_file_that_leaves_tells_meetings_in_bands_and_no_group(
    database: Database, connection: AnyConnection
) -> None:
    study = await asking(database)
    members = await joined(database, study, 20, ACTIVITY)
    group, area = new_id(), new_id()
    told = (0, 1, 2, 3, 5, 6, 9)
    with clock.at(later(days=40)):
        events = [
            came(member, later(days=day), group=group, area=area)
            for place, member in enumerate(members)
            for day in range(1, told[place // 5] + 1)
        ]
        await happen_and_learn(database, events)
        dataset = await freeze(database, study, MEETINGS)
    frame = await read_frame(database, dataset.id, "periods")
    assert frame.columns == [PERSON, "period", "days_observable", "meetings"]
    (column,) = [one for one in codebook.columns("periods", MEETINGS) if one.name == "meetings"]
    assert column.label == "Meetings of groups that they came to"
    found = []
    for member in members:
        (row,) = frame.filter(pl.col(PERSON) == await _person(connection, member)).to_dicts()
        found.append(row["meetings"])
    assert found == [0] * 5 + [1] * 10 + [2] * 5


def test_bands_of_meetings_follow_one_another() -> None:
    bands = MEASURES["meetings"].bands
    assert bands[0] == (0, 0)
    assert bands[-1] == (6, None)
    assert all(low[1] is not None and low[1] + 1 == high[0] for low, high in pairwise(bands))


async def test_who_is_erased_is_in_no_dose_and_the_others_keep_their_groups(
    database: Database, connection: AnyConnection
) -> None:
    study = await asking(database)
    members = await joined(database, study, 9, ACTIVITY)
    group = new_id()
    with clock.at(later(days=10)):
        events = [came(member, later(days=1), group=group) for member in members]
        await happen_and_learn(database, events)
        dataset = await freeze(database, study, MEETINGS)
        gone = await _person(connection, members[0])
        await withdraw(database, study, members[0], erase=True)
        made = await succeed(database, dataset.id)
    assert made is not None
    frame = await read_frame(database, made.id, "doses")
    assert gone not in frame.get_column(PERSON)
    numbers = await _numbers(connection)
    assert set(frame.select("meetings", "group_cluster").rows()) == {(1, numbers[group])}
