"""Curves of a study: rounded, held, and the same whoever leaves."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest

from app.core import clock
from app.core.db import AnyConnection, Database
from app.core.ids import new_id
from app.identity.roles import Role
from app.research import curves, participant_counts
from app.research.models import ParticipantState, Purpose, Study
from app.research.questions import Answer
from tests.people import SignedIn, signed_in
from tests.research.community_events import happen_and_learn, published
from tests.research.factories import (
    ONLY_ACTIVITY,
    START,
    choose,
    closed,
    drafted,
    join,
    later,
    opened,
    several,
    withdraw,
)
from tests.research.over_http import ask

OPENED_ON = date(2026, 3, 1)


async def _joining(database: Database, study: Study, number: int, **when: float) -> list[UUID]:
    with clock.at(later(**when)):
        return await several(database, study, number)


async def _joined(database: Database, study: Study, **when: float) -> list[int | None]:
    with clock.at(later(**when)):
        return [
            point.people for point in (await curves.recruitment(database.pool, study.id)).points
        ]


async def _write(database: Database, members: Sequence[UUID], **when: float) -> None:
    with clock.at(later(**when)):
        await happen_and_learn(database, [published(member) for member in members])


async def _active(database: Database, study: Study, **when: float) -> Answer | None:
    with clock.at(later(**when)):
        return await curves.activity(database, study.id, by=new_id())


def _cells(answer: Answer | None) -> list[tuple[int | None, int | None]]:
    assert answer is not None
    return [(cell.value, cell.of) for (cell,) in answer.table.cells]


async def _asked(connection: AnyConnection) -> list[Any]:
    cursor = await connection.execute("SELECT question, outcome FROM research.questions")
    return list(await cursor.fetchall())


async def test_the_curve_of_those_who_joined_is_rounded_and_tells_only_weeks_that_are_over(
    database: Database,
) -> None:
    study = await opened(database)
    await _joining(database, study, 9)
    await _joining(database, study, 6, days=8)
    await _joining(database, study, 4, days=14)
    await _joining(database, study, 30, days=22)
    assert await _joined(database, study, days=5) == []
    assert await _joined(database, study, days=6) == [None]
    assert await _joined(database, study, days=23) == [None, 15, 15]
    assert await _joined(database, study, days=27) == [None, 15, 15, 45]
    with clock.at(later(days=27)):
        told = await curves.recruitment(database.pool, study.id)
    assert [point.ended_on for point in told.points] == [
        OPENED_ON + timedelta(days=7 * week - 1) for week in (1, 2, 3, 4)
    ]
    assert told.step_weeks == 1


async def test_an_erasure_changes_no_figure_of_those_who_joined(database: Database) -> None:
    study = await opened(database)
    members = await _joining(database, study, 20)
    before = await _joined(database, study, days=14)
    with clock.at(later(days=10)):
        await withdraw(database, study, members[0], erase=True)
        await withdraw(database, study, members[1])
    assert await _joined(database, study, days=14) == before == [20, 20]


@pytest.mark.parametrize("number", [0, 9, 10, 13, 14, 19])
async def test_the_end_of_the_curve_is_rounded_as_the_count_beside_it(
    database: Database, number: int
) -> None:
    """Two ways of rounding one number would leave fewer numbers that it can be."""
    study = await opened(database)
    await _joining(database, study, number)
    counted = await participant_counts.of(database.pool, study.id)
    assert await _joined(database, study, days=7) == [
        counted.by_state[ParticipantState.TAKING_PART]
    ]


async def test_a_long_curve_is_told_every_fourth_week_and_a_closed_study_ends_it(
    database: Database,
) -> None:
    study = await opened(database)
    await _joining(database, study, 10)
    assert len(await _joined(database, study, weeks=26)) == 26
    with clock.at(later(weeks=31)):
        told = await curves.recruitment(database.pool, study.id)
    assert ([point.week for point in told.points], told.step_weeks) == (
        [4, 8, 12, 16, 20, 24, 28],
        4,
    )
    other = await opened(database)
    with clock.at(later(days=9)):
        await closed(database, other)
    assert len(await _joined(database, other, weeks=20)) == 2


async def test_a_study_that_is_not_open_yet_has_no_curve(database: Database) -> None:
    study = await drafted(database)
    told = await curves.recruitment(database.pool, study.id)
    assert (told.points, told.looked) == ([], None)


async def test_those_who_did_something_are_told_of_those_who_were_there_all_week(
    database: Database,
) -> None:
    study = await opened(database)
    members = await _joining(database, study, 24)
    await _write(database, members[:18], days=1)
    await _write(database, members[:12], days=8)
    await _write(database, members[:3], days=15)
    # One who stopped within the second week is counted in the first alone; who joined later is not
    # in a week that is not over for them.
    with clock.at(later(days=9)):
        await withdraw(database, study, members[0])
    await _joining(database, study, 10, days=20)
    assert _cells(await _active(database, study, days=22)) == [(20, 25), (10, 25), (None, 25)]


async def test_a_curve_is_counted_once_in_28_days_whoever_looks(
    database: Database, connection: AnyConnection
) -> None:
    study = await opened(database)
    members = await _joining(database, study, 20)
    await _write(database, members[:10], days=1)
    first = await _active(database, study, days=7)
    await _write(database, members[10:], days=8)
    assert await _active(database, study, days=34) == first
    assert await _asked(connection) == [
        {
            "question": {"of": "active", "count": "people", "by": ["week"], "where": []},
            "outcome": "told",
        }
    ]
    anew = await _active(database, study, days=35)
    assert anew != first
    assert _cells(anew)[:2] == [(10, 20), (10, 20)]
    with clock.at(later(days=36)):
        await withdraw(database, study, members[0], erase=True)
    assert await _active(database, study, days=37) != anew


async def test_fewer_than_ten_people_have_no_curve_and_leave_no_line(
    database: Database, connection: AnyConnection
) -> None:
    study = await opened(database)
    await _joining(database, study, 9)
    assert await _active(database, study, days=7) is None
    assert await _asked(connection) == []


async def test_a_week_in_which_nobody_was_there_is_held_back_like_a_few(
    database: Database,
) -> None:
    study = await opened(database)
    with clock.at(START):
        members = [new_id() for _ in range(10)]
        for member in members:
            await join(
                database,
                study,
                member,
                {**ONLY_ACTIVITY, Purpose.ACTIVITY: False, Purpose.TEXT: True},
            )
    with clock.at(later(days=8)):
        for member in members:
            await choose(database, study, member, ONLY_ACTIVITY)
    await _write(database, members, days=15)
    assert _cells(await _active(database, study, days=21)) == [
        (None, None),
        (None, None),
        (10, 10),
    ]


async def test_researchers_read_the_curves_and_nobody_else(
    app: Any, database: Database, researcher: SignedIn
) -> None:
    study = await opened(database)
    await _joining(database, study, 12)
    path = f"/studies/{study.id}/curves"
    told = await ask(researcher, "GET", path)
    people = [point["people"] for point in told["recruitment"]["points"]]
    assert people
    assert set(people) == {10}
    assert all(later_ >= former for former, later_ in pairwise(people))
    assert told["recruitment"]["looked"] is None
    assert told["activity"]["base"] == 10
    assert told["activity"]["rows"]["label"] == "weeks since joining"
    assert {row[0]["of"] for row in told["activity"]["cells"]} == {10}
    assert await ask(researcher, "GET", path) == told
    await ask(researcher, "GET", f"/studies/{new_id()}/curves", status=404)
    for role in (Role.CHECKER, Role.MODERATOR, Role.HOST):
        other = await signed_in(app, roles=(role,))
        await ask(other, "GET", path, status=403)
