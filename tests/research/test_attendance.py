"""Meetings that participants came to: who may be recorded, what a row holds, and its way out."""

from datetime import datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

import psycopg
import pytest

from app.core import clock, written_codes
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.delivery import deliver
from app.core.ids import new_id
from app.programme.choices import GroupMode
from app.research import (
    attendance,
    code_participation,
    deliveries,
    erasure,
    my_data,
    studies,
    subscribers,
    tasks,
)
from app.research.demographics import Demographics
from app.research.models import Purpose, Study
from tests.people import People
from tests.research.community_events import came, happen, happen_and_learn, learn, taken_off
from tests.research.factories import (
    ONLY_ACTIVITY,
    START,
    choose,
    join,
    later,
    opened,
    withdraw,
)
from tests.research.recorded import context
from tests.research.test_staff_apart import appoint
from tests.research.told import ASKED

Row = dict[str, Any]
GROUP, AREA = new_id(), new_id()
TEXT_ALONE = {Purpose.ACTIVITY: False, Purpose.TEXT: True, Purpose.CONTACT: False}


async def _kept(connection: AnyConnection, what: str = "attendances") -> list[Row]:
    query: LiteralString = "SELECT * FROM research.attendances ORDER BY day, times DESC, minutes"
    if what == "clusters":
        query = "SELECT * FROM research.clusters ORDER BY kind"
    return await (await connection.execute(query)).fetchall()


async def _nothing_failed(connection: AnyConnection) -> None:
    """What may not be kept is passed by; the rules of the database need not refuse it."""
    cursor = await connection.execute("SELECT 1 FROM core.cursors WHERE failures > 0")
    assert cursor.rowcount == 0


async def _in_study(
    database: Database, member: UUID, choices: dict[Purpose, bool] = ONLY_ACTIVITY
) -> tuple[Study, str]:
    study = await opened(database)
    with clock.at(START):
        receipt = await join(database, study, member, choices)
    return study, receipt.pseudonym or ""


async def _with_card(
    database: Database, study: Study, *, is_agreed: bool = True
) -> tuple[str, str]:
    """Somebody who takes part with a card: its code and the pseudonym."""
    code = written_codes.draw("C")
    async with unit_of_work(database) as session:
        receipt = await code_participation.join(
            session,
            await studies.access(session, study.id, is_researcher=False, lock="join"),
            code=code,
            sheet_version=1,
            choices={Purpose.ACTIVITY: is_agreed, Purpose.QUESTIONNAIRES: True},
            demographics=Demographics(),
        )
    return code, receipt.pseudonym or ""


async def test_a_member_at_a_meeting_is_a_row_without_meeting_time_or_group(
    database: Database, connection: AnyConnection
) -> None:
    member = new_id()
    study, pseudonym = await _in_study(database, member)
    with clock.at(later(days=3)):
        event = came(member, later(days=2), group=GROUP, area=AREA, minutes=75)
        await happen_and_learn(database, [event])
    (row,) = await _kept(connection)
    area, group = await _kept(connection, "clusters")
    assert (area["thing_id"], group["thing_id"]) == (AREA, GROUP)
    assert row.pop("id").version == 4
    assert row == {
        "study_id": study.id,
        "participant_id": pseudonym,
        "day": 2,
        "occurred_at": None,
        "minutes": 75,
        "mode": "in_person",
        "group_cluster": group["number"],
        "area_cluster": area["number"],
        "times": 1,
    }


async def test_the_holder_of_a_card_is_a_row_if_they_agreed(
    database: Database, connection: AnyConnection
) -> None:
    study = await opened(database, asks=ASKED, wave_weeks=(0, 13))
    with clock.at(START):
        code, pseudonym = await _with_card(database, study)
        silent, _ = await _with_card(database, study, is_agreed=False)
    stranger = written_codes.draw("C")
    with clock.at(later(days=1)):
        held_at = later(hours=3)
        events = [came(who, held_at, group=GROUP) for who in (silent, code, stranger, new_id())]
        await happen_and_learn(database, events)
    (row,) = await _kept(connection)
    assert (row["participant_id"], row["day"], row["area_cluster"]) == (pseudonym, 0, None)


@pytest.mark.parametrize(
    ("choices", "held_at"),
    [
        (TEXT_ALONE, later(days=1)),
        (ONLY_ACTIVITY, START - timedelta(hours=1)),
        (ONLY_ACTIVITY, START - timedelta(days=3)),
    ],
)
async def test_without_consent_at_that_moment_there_is_no_row(
    database: Database,
    connection: AnyConnection,
    choices: dict[Purpose, bool],
    held_at: datetime,
) -> None:
    member = new_id()
    await _in_study(database, member, choices)
    with clock.at(later(days=2)):
        await happen_and_learn(database, [came(member, held_at, group=GROUP, area=AREA)])
    for what in ("attendances", "clusters"):
        assert await _kept(connection, what) == [], "nor a number for the group"
    await _nothing_failed(connection)
    cursor = await connection.execute("SELECT 1 FROM research.deliveries")
    assert cursor.rowcount == 0


async def test_who_stopped_before_the_list_was_kept_has_no_row(
    database: Database, connection: AnyConnection
) -> None:
    member = new_id()
    study, _ = await _in_study(database, member)
    with clock.at(later(days=2)):
        await choose(database, study, member, TEXT_ALONE)
    with clock.at(later(days=3)):
        await happen_and_learn(database, [came(member, later(days=1), group=GROUP)])
    assert await _kept(connection) == []


async def test_staff_have_no_row(
    database: Database, connection: AnyConnection, people: People
) -> None:
    someone = await people.member()
    await _in_study(database, someone.member_id)
    await appoint(database, someone)
    with clock.at(later(days=1)):
        await happen_and_learn(database, [came(someone.member_id, later(hours=5), group=GROUP)])
    assert await _kept(connection) == []


_RAW: LiteralString = (
    "INSERT INTO research.attendances (study_id, participant_id, day, occurred_at, minutes, mode,"
    " group_cluster, times) VALUES (%s, %s, 40, %s, 90, 'online', 7, %s)"
)


async def test_raw_sql_is_held_to_consent_and_to_who_is_on_the_list(
    database: Database, connection: AnyConnection
) -> None:
    member = new_id()
    study, pseudonym = await _in_study(database, member)
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
    assert [(row["day"], row["occurred_at"]) for row in await _kept(connection)] == [(1, None)] * 2


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
    await _in_study(database, member)
    with clock.at(later(days=2)):
        await happen_and_learn(database, [came(member, later(days=1), group=GROUP)])
    with pytest.raises(psycopg.errors.IntegrityError):
        await connection.execute(change)
    assert len(await _kept(connection)) == 1


async def test_taking_someone_off_the_list_is_a_row_that_takes_away_what_was_noted_then(
    database: Database, connection: AnyConnection
) -> None:
    member = new_id()
    await _in_study(database, member)
    listed = came(member, later(days=1), group=GROUP, area=AREA)
    by_then = taken_off(listed, area_id=new_id(), mode=GroupMode.ONLINE)
    with clock.at(later(days=2)):
        await happen_and_learn(database, [listed, by_then, by_then])
    first, second = await _kept(connection)
    await _nothing_failed(connection)
    assert (first.pop("times"), second.pop("times")) == (1, -1)
    assert first.pop("id") != second.pop("id")
    assert first == second
    assert len(await _kept(connection, "clusters")) == 2, "the area of then has no number"


async def test_who_agreed_after_the_list_was_kept_is_not_taken_off_it(
    database: Database, connection: AnyConnection
) -> None:
    member = new_id()
    study, _ = await _in_study(database, member)
    listed = came(member, later(days=1), group=GROUP)
    with clock.at(later(days=2)):
        await choose(database, study, member, TEXT_ALONE)
        await happen_and_learn(database, [listed])
    with clock.at(later(days=3)):
        await choose(database, study, member, ONLY_ACTIVITY)
        await happen_and_learn(database, [taken_off(listed)])
    assert await _kept(connection) == []


async def test_numbers_are_of_one_study_and_one_group_has_one(
    database: Database, connection: AnyConnection
) -> None:
    one, other = new_id(), new_id()
    first, _ = await _in_study(database, one)
    second, _ = await _in_study(database, other)
    groups = [new_id() for _ in range(8)]
    with clock.at(later(days=2)):
        for _ in range(2):
            held = [(who, each) for each in groups for who in (one, other)]
            events = [came(who, later(days=1), group=each) for who, each in held]
            await happen_and_learn(database, events)
    rows = await _kept(connection, "clusters")
    numbers = {
        study.id: [row["number"] for each in groups for row in rows
                   if row["study_id"] == study.id and row["thing_id"] == each]
        for study in (first, second)
    }  # fmt: skip
    for found in numbers.values():
        assert len(found) == len(set(found)) == len(groups)
        assert found != sorted(found), "by chance once in 40,320"
    assert numbers[first.id] != numbers[second.id]
    assert len(await _kept(connection)) == 32


async def _forget(database: Database) -> None:
    await tasks.forget(context(database), 0)


async def test_a_second_delivery_adds_nothing_and_is_forgotten_by_its_own_cursor(
    database: Database, connection: AnyConnection
) -> None:
    member = new_id()
    await _in_study(database, member)
    listed = came(member, later(days=1), group=GROUP)
    with clock.at(later(days=2)):
        await happen_and_learn(database, [listed, taken_off(listed), listed])
    before = await _kept(connection)
    assert [row["times"] for row in before] == [1, 1, -1]
    await connection.execute("DELETE FROM core.cursors WHERE subscriber = 'research.attendance'")
    await _forget(database)
    cursor = await connection.execute("SELECT kind FROM research.deliveries")
    assert {row["kind"] for row in await cursor.fetchall()} == set(deliveries.OF_ATTENDANCE)
    await learn(database)
    assert await _kept(connection) == before
    await _forget(database)
    cursor = await connection.execute("SELECT 1 FROM research.deliveries")
    assert cursor.rowcount == 0


async def test_events_of_before_and_of_nobody_change_nothing(
    database: Database, connection: AnyConnection
) -> None:
    async with unit_of_work(database) as session:
        await attendance.write(session, [])
    with clock.at(later(days=1)):
        await happen(database, came(new_id(), START, group=GROUP))
    assert await deliver(database, subscribers.ATTENDANCE) == 1
    assert await _kept(connection) == []


async def test_an_erasure_takes_the_rows_and_leaves_those_of_others(
    database: Database, connection: AnyConnection
) -> None:
    one, other = new_id(), new_id()
    study, gone = await _in_study(database, one)
    with clock.at(START):
        stays = (await join(database, study, other, ONLY_ACTIVITY)).pseudonym
    with clock.at(later(days=2)):
        await happen_and_learn(
            database, [came(who, later(days=1), group=GROUP) for who in (one, other)]
        )
    with clock.at(later(days=3)):
        await withdraw(database, study, one, erase=True)
        await happen_and_learn(database, [came(one, later(days=2), group=GROUP)])
    assert [row["participant_id"] for row in await _kept(connection)] == [stays]
    with pytest.raises(psycopg.errors.CheckViolation):
        await connection.execute(_RAW, (study.id, gone, later(days=2), 1))


async def test_many_rows_go_in_batches(
    database: Database, connection: AnyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasure, "BATCH", 2)
    few = tuple(one.replace("LIMIT 5000", "LIMIT 2") for one in erasure._CLEAR_SOME)
    monkeypatch.setattr(erasure, "_CLEAR_SOME", few)
    member = new_id()
    study, gone = await _in_study(database, member)
    with clock.at(later(days=2)):
        events = [came(member, later(days=1), group=GROUP) for _ in range(5)]
        await happen_and_learn(database, events)
    with clock.at(later(days=3)):
        await withdraw(database, study, member, erase=True)
    assert len(await _kept(connection)) == 3
    await tasks.clear_erased(context(database), str(study.id), gone)
    assert await _kept(connection) == []


async def test_my_data_shows_every_row_and_not_which_group(
    database: Database, connection: AnyConnection
) -> None:
    member = new_id()
    study, _ = await _in_study(database, member)
    listed = came(member, later(days=1), group=GROUP, minutes=60)
    online = came(member, later(days=4), group=new_id(), mode=GroupMode.ONLINE)
    with clock.at(later(days=5)):
        await happen_and_learn(database, [listed, online, taken_off(listed)])
    rows, more = await my_data.attendances(database.pool, member, study.id, None)
    assert more is None
    assert {row.pop("id") for row in rows} == {row["id"] for row in await _kept(connection)}
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
    study, _ = await _in_study(database, member)
    with clock.at(later(days=3)):
        for day in (1, 2):
            events = [came(member, later(days=day), group=GROUP) for _ in range(30)]
            await happen_and_learn(database, events)
    rows, more = await my_data.attendances(database.pool, member, study.id, None)
    assert [row["day"] for row in rows] == [2] * 30 + [1] * 20
    rest, end = await my_data.attendances(database.pool, member, study.id, more)
    assert ([row["day"] for row in rest], end) == ([1] * 10, None)
    assert len({row["id"] for row in (*rows, *rest)}) == 60
