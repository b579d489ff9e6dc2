"""Days, periods and times of day are those of the programme's zone, counted by the database."""

from datetime import UTC, date, datetime

import pytest

from app.core import clock
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.ids import new_id
from app.research import calendar, studies
from tests.research.community_events import happen_and_learn, published
from tests.research.factories import ONLY_ACTIVITY, drafted, join
from tests.research.recorded import rows
from tests.support.signed_off import open_signed_off

#: In Europe/London the clocks go forward on 29 March 2026 at 01:00 and back on 25 October.


def _at(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


async def _days_and_bands(
    database: Database, connection: AnyConnection, enrolled: datetime, *moments: datetime
) -> list[tuple[int, str]]:
    """On which day and at which time of day a post at each moment is noted."""
    member = new_id()
    with clock.at(_at(1, 1)):
        study = await drafted(database)
        async with unit_of_work(database) as session:
            locked = await studies.access(session, study.id, is_researcher=True, lock="change")
            await open_signed_off(session, locked)
    with clock.at(enrolled):
        await join(database, study, member, ONLY_ACTIVITY)
    for moment in moments:
        with clock.at(moment):
            await happen_and_learn(database, [published(member)])
    found = sorted(await rows(connection), key=lambda row: int(row["ordinal"]))
    return [(row["day"], row["time_band"]) for row in found]


async def test_after_midnight_of_a_summer_night_it_is_the_next_day(
    database: Database, connection: AnyConnection
) -> None:
    found = await _days_and_bands(
        database,
        connection,
        _at(7, 1, 10),
        _at(7, 1, 22, 59),  # 23:59 where people live
        _at(7, 1, 23, 30),  # 00:30
        _at(7, 2, 4, 59),
        _at(7, 2, 5),
        _at(7, 2, 11),
        _at(7, 2, 17),
    )
    assert found == [
        (0, "evening"),
        (1, "night"),
        (1, "night"),
        (1, "morning"),
        (1, "afternoon"),
        (1, "evening"),
    ]


async def test_in_winter_local_time_is_utc(database: Database, connection: AnyConnection) -> None:
    found = await _days_and_bands(
        database,
        connection,
        _at(1, 5, 10),
        _at(1, 5, 23, 59),
        _at(1, 6, 5, 59),
        _at(1, 6, 6),
        _at(1, 6, 12),
        _at(1, 6, 18),
    )
    assert found == [
        (0, "evening"),
        (1, "night"),
        (1, "morning"),
        (1, "afternoon"),
        (1, "evening"),
    ]


async def test_who_enrols_a_minute_before_the_clocks_change_has_days_like_anyone(
    database: Database, connection: AnyConnection
) -> None:
    found = await _days_and_bands(
        database,
        connection,
        _at(3, 28, 23, 59),
        _at(3, 29, 0, 30),
        _at(3, 29, 1, 30),  # 02:30: there was no half past one
        _at(3, 29, 22, 59),  # the last minute of a day of 23 hours
        _at(3, 29, 23, 0),
        _at(6, 19, 22, 59),  # the last minute of the first period of 84 days
        _at(6, 19, 23, 0),
    )
    assert found == [
        (1, "night"),
        (1, "night"),
        (1, "evening"),
        (2, "night"),
        (83, "evening"),
        (84, "night"),
    ]


async def test_a_day_of_25_hours_is_one_day(database: Database, connection: AnyConnection) -> None:
    found = await _days_and_bands(
        database,
        connection,
        _at(10, 24, 22, 30),  # 23:30 in summer time
        _at(10, 24, 23, 0),
        _at(10, 25, 0, 30),
        _at(10, 25, 1, 30),  # half past one for the second time
        _at(10, 25, 23, 59),
        _at(10, 26, 0, 0),
    )
    assert found == [
        (1, "night"),
        (1, "night"),
        (1, "night"),
        (1, "evening"),
        (2, "night"),
    ]


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (_at(7, 1, 22, 59), date(2026, 7, 1)),
        (_at(7, 1, 23), date(2026, 7, 2)),
        (_at(3, 28, 23, 59), date(2026, 3, 28)),
    ],
)
async def test_enrolment_is_a_day_of_that_calendar(
    database: Database, connection: AnyConnection, moment: datetime, day: date
) -> None:
    async with unit_of_work(database) as session:
        assert await calendar.day_of(session, moment) == day
    await _days_and_bands(database, connection, moment)
    cursor = await connection.execute("SELECT enrolled_on FROM research.participants")
    assert await cursor.fetchall() == [{"enrolled_on": day}]


async def test_whatever_zone_a_connection_is_in_the_day_is_the_same(
    connection: AnyConnection,
) -> None:
    for zone in ("UTC", "Asia/Tokyo", "America/Los_Angeles"):
        await connection.execute(f"SET TIME ZONE '{zone}'")
        cursor = await connection.execute(
            "SELECT research.local_date(%s) AS day, research.time_band_of(%s) AS band",
            (_at(7, 1, 23, 30), _at(7, 1, 23, 30)),
        )
        assert await cursor.fetchone() == {"day": date(2026, 7, 2), "band": "night"}
