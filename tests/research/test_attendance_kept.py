"""Rows of meetings as they are kept: only under consent, never changed, erased and shown whole."""

from datetime import timedelta
from typing import LiteralString

import psycopg
import pytest

from app.core import clock
from app.core.db import AnyConnection, Database
from app.core.ids import new_id
from app.programme.choices import GroupMode
from app.research import (
    erasure,
    my_data,
    tasks,
)
from tests.research.attended import GROUP, in_study, kept_rows
from tests.research.community_events import came, happen_and_learn, taken_off
from tests.research.factories import (
    ONLY_ACTIVITY,
    START,
    join,
    later,
    withdraw,
)
from tests.research.recorded import context

_RAW: LiteralString = (
    "INSERT INTO research.attendances (study_id, participant_id, day, occurred_at, minutes, mode,"
    " group_cluster, times) VALUES (%s, %s, 40, %s, 90, 'online', 7, %s)"
)


async def test_raw_sql_is_held_to_consent_and_to_who_is_on_the_list(
    database: Database, connection: AnyConnection
) -> None:
    member = new_id()
    study, pseudonym = await in_study(database, member)
    for held_at, times, broken in (
        (START - timedelta(hours=1), 1, "consent_in_force"),
        (None, 1, "consent_in_force"),
        (later(days=1), -1, "attendance_recorded"),
        (later(days=1), 2, "ck_attendances_times"),
    ):
        with pytest.raises(psycopg.errors.CheckViolation) as refused:
            await connection.execute(_RAW, (study.id, pseudonym, held_at, times))
        assert refused.value.diag.constraint_name == broken
    for times in (1, -1):
        await connection.execute(_RAW, (study.id, pseudonym, later(days=1), times))
    with pytest.raises(psycopg.errors.CheckViolation):
        await connection.execute(_RAW, (study.id, pseudonym, later(days=1), -1))
    assert [(row["day"], row["occurred_at"]) for row in await kept_rows(connection)] == [
        (1, None)
    ] * 2


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE research.attendances SET minutes = 1",
        "UPDATE research.attendances SET occurred_at = now()",
        "DELETE FROM research.attendances",
        "TRUNCATE research.attendances",
        "UPDATE research.clusters SET number = 1",
        "DELETE FROM research.clusters",
        "TRUNCATE research.clusters",
    ],
)
async def test_rows_only_grow(
    database: Database, connection: AnyConnection, change: LiteralString
) -> None:
    member = new_id()
    await in_study(database, member)
    with clock.at(later(days=2)):
        await happen_and_learn(database, [came(member, later(days=1), group=GROUP)])
    with pytest.raises(psycopg.errors.IntegrityError):
        await connection.execute(change)
    assert len(await kept_rows(connection)) == 1


async def test_numbers_are_of_one_study_and_one_group_has_one(
    database: Database, connection: AnyConnection
) -> None:
    one, other = new_id(), new_id()
    first, _ = await in_study(database, one)
    second, _ = await in_study(database, other)
    groups = [new_id() for _ in range(8)]
    with clock.at(later(days=2)):
        for _ in range(2):
            held = [(who, each) for each in groups for who in (one, other)]
            events = [came(who, later(days=1), group=each) for who, each in held]
            await happen_and_learn(database, events)
    rows = await kept_rows(connection, "clusters")
    numbers = {
        study.id: [row["number"] for each in groups for row in rows
                   if row["study_id"] == study.id and row["thing_id"] == each]
        for study in (first, second)
    }  # fmt: skip
    for found in numbers.values():
        assert len(found) == len(set(found)) == len(groups)
        assert found != sorted(found), "by chance once in 40,320"
    assert numbers[first.id] != numbers[second.id]
    assert len(await kept_rows(connection)) == 32


async def test_an_erasure_takes_the_rows_and_leaves_those_of_others(
    database: Database, connection: AnyConnection
) -> None:
    one, other = new_id(), new_id()
    study, gone = await in_study(database, one)
    with clock.at(START):
        stays = (await join(database, study, other, ONLY_ACTIVITY)).pseudonym
    with clock.at(later(days=2)):
        await happen_and_learn(
            database, [came(who, later(days=1), group=GROUP) for who in (one, other)]
        )
    with clock.at(later(days=3)):
        await withdraw(database, study, one, erase=True)
        await happen_and_learn(database, [came(one, later(days=2), group=GROUP)])
    assert [row["participant_id"] for row in await kept_rows(connection)] == [stays]
    with pytest.raises(psycopg.errors.CheckViolation):
        await connection.execute(_RAW, (study.id, gone, later(days=2), 1))


async def test_many_rows_go_in_batches(
    database: Database, connection: AnyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasure, "BATCH", 2)
    few = tuple(one.replace("LIMIT 5000", "LIMIT 2") for one in erasure._CLEAR_SOME)
    monkeypatch.setattr(erasure, "_CLEAR_SOME", few)
    member = new_id()
    study, gone = await in_study(database, member)
    with clock.at(later(days=2)):
        events = [came(member, later(days=1), group=GROUP) for _ in range(5)]
        await happen_and_learn(database, events)
    with clock.at(later(days=3)):
        await withdraw(database, study, member, erase=True)
    assert len(await kept_rows(connection)) == 3
    await tasks.clear_erased(context(database), str(study.id), gone)
    assert await kept_rows(connection) == []


async def test_my_data_shows_every_row_and_not_which_group(
    database: Database, connection: AnyConnection
) -> None:
    member = new_id()
    study, _ = await in_study(database, member)
    listed = came(member, later(days=1), group=GROUP, minutes=60)
    online = came(member, later(days=4), group=new_id(), mode=GroupMode.ONLINE)
    with clock.at(later(days=5)):
        await happen_and_learn(database, [listed, online, taken_off(listed)])
    rows, more = await my_data.attendances(database.pool, member, study.id, None)
    assert more is None
    assert {row.pop("id") for row in rows} == {row["id"] for row in await kept_rows(connection)}
    first = {"held_on": later(days=1).date(), "day": 1, "minutes": 60, "mode": "in_person"}
    assert sorted(rows, key=lambda row: (row["day"], row["is_taken_off"])) == [
        {**first, "is_taken_off": False},
        {**first, "is_taken_off": True},
        {
            "held_on": later(days=4).date(),
            "day": 4,
            "minutes": 90,
            "mode": "online",
            "is_taken_off": False,
        },
    ]
    (held,) = await my_data.overview(database.pool, member)
    assert held.attendance_count == 3


async def test_my_data_comes_in_pages(database: Database) -> None:
    member = new_id()
    study, _ = await in_study(database, member)
    with clock.at(later(days=3)):
        for day in (1, 2):
            events = [came(member, later(days=day), group=GROUP) for _ in range(30)]
            await happen_and_learn(database, events)
    rows, more = await my_data.attendances(database.pool, member, study.id, None)
    assert [row["day"] for row in rows] == [2] * 30 + [1] * 20
    rest, end = await my_data.attendances(database.pool, member, study.id, more)
    assert ([row["day"] for row in rest], end) == ([1] * 10, None)
    assert len({row["id"] for row in (*rows, *rest)}) == 60
