"""Meetings that participants came to: who may be recorded, and what a row holds."""

from datetime import datetime, timedelta

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
    studies,
    subscribers,
    tasks,
)
from app.research.demographics import Demographics
from app.research.models import Purpose, Study
from tests.people import People
from tests.research.attended import AREA, GROUP, in_study, kept_rows
from tests.research.community_events import came, happen, happen_and_learn, learn, taken_off
from tests.research.factories import (
    ONLY_ACTIVITY,
    START,
    choose,
    later,
    opened,
)
from tests.research.recorded import context
from tests.research.test_staff_apart import appoint
from tests.research.told import ASKED

TEXT_ALONE = {Purpose.ACTIVITY: False, Purpose.TEXT: True, Purpose.CONTACT: False}


async def _nothing_failed(connection: AnyConnection) -> None:
    """What may not be kept is passed by; the rules of the database need not refuse it."""
    cursor = await connection.execute("SELECT 1 FROM core.cursors WHERE failures > 0")
    assert cursor.rowcount == 0


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
    study, pseudonym = await in_study(database, member)
    with clock.at(later(days=3)):
        event = came(member, later(days=2), group=GROUP, area=AREA, minutes=75)
        await happen_and_learn(database, [event])
    (row,) = await kept_rows(connection)
    area, group = await kept_rows(connection, "clusters")
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
    (row,) = await kept_rows(connection)
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
    await in_study(database, member, choices)
    with clock.at(later(days=2)):
        await happen_and_learn(database, [came(member, held_at, group=GROUP, area=AREA)])
    for what in ("attendances", "clusters"):
        assert await kept_rows(connection, what) == [], "nor a number for the group"
    await _nothing_failed(connection)
    cursor = await connection.execute("SELECT 1 FROM research.deliveries")
    assert cursor.rowcount == 0


async def test_who_stopped_before_the_list_was_kept_has_no_row(
    database: Database, connection: AnyConnection
) -> None:
    member = new_id()
    study, _ = await in_study(database, member)
    with clock.at(later(days=2)):
        await choose(database, study, member, TEXT_ALONE)
    with clock.at(later(days=3)):
        await happen_and_learn(database, [came(member, later(days=1), group=GROUP)])
    assert await kept_rows(connection) == []


async def test_staff_have_no_row(
    database: Database, connection: AnyConnection, people: People
) -> None:
    someone = await people.member()
    await in_study(database, someone.member_id)
    await appoint(database, someone)
    with clock.at(later(days=1)):
        await happen_and_learn(database, [came(someone.member_id, later(hours=5), group=GROUP)])
    assert await kept_rows(connection) == []


async def test_taking_someone_off_the_list_is_a_row_that_takes_away_what_was_noted_then(
    database: Database, connection: AnyConnection
) -> None:
    member = new_id()
    await in_study(database, member)
    listed = came(member, later(days=1), group=GROUP, area=AREA)
    by_then = taken_off(listed, area_id=new_id(), mode=GroupMode.ONLINE)
    with clock.at(later(days=2)):
        await happen_and_learn(database, [listed, by_then, by_then])
    first, second = await kept_rows(connection)
    await _nothing_failed(connection)
    assert (first.pop("times"), second.pop("times")) == (1, -1)
    assert first.pop("id") != second.pop("id")
    assert first == second
    assert len(await kept_rows(connection, "clusters")) == 2, "the area of then has no number"


async def test_who_agreed_after_the_list_was_kept_is_not_taken_off_it(
    database: Database, connection: AnyConnection
) -> None:
    member = new_id()
    study, _ = await in_study(database, member)
    listed = came(member, later(days=1), group=GROUP)
    with clock.at(later(days=2)):
        await choose(database, study, member, TEXT_ALONE)
        await happen_and_learn(database, [listed])
    with clock.at(later(days=3)):
        await choose(database, study, member, ONLY_ACTIVITY)
        await happen_and_learn(database, [taken_off(listed)])
    assert await kept_rows(connection) == []


async def _forget(database: Database) -> None:
    await tasks.forget(context(database), 0)


async def test_a_second_delivery_adds_nothing_and_is_forgotten_by_its_own_cursor(
    database: Database, connection: AnyConnection
) -> None:
    member = new_id()
    await in_study(database, member)
    listed = came(member, later(days=1), group=GROUP)
    with clock.at(later(days=2)):
        await happen_and_learn(database, [listed, taken_off(listed), listed])
    before = await kept_rows(connection)
    assert [row["times"] for row in before] == [1, 1, -1]
    await connection.execute("DELETE FROM core.cursors WHERE subscriber = 'research.attendance'")
    await _forget(database)
    cursor = await connection.execute("SELECT kind FROM research.deliveries")
    assert {row["kind"] for row in await cursor.fetchall()} == set(deliveries.OF_ATTENDANCE)
    await learn(database)
    assert await kept_rows(connection) == before
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
    assert await kept_rows(connection) == []
