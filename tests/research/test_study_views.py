"""Who looked at a study: each member once, in the period of 12 weeks in which they first did."""

import asyncio
from datetime import timedelta

from fastapi import FastAPI

from app.core import clock
from app.core.db import AnyConnection, Database
from app.core.ids import new_id
from app.identity.roles import Role
from app.research import study_looks
from tests.people import SignedIn, signed_in
from tests.research.factories import START, closed, drafted, opened
from tests.research.over_http import ask, open_study

#: `opened` opens a study the day before START.
FIRST_DAY = START - timedelta(days=1)


async def _counted(connection: AnyConnection) -> dict[int, int]:
    cursor = await connection.execute("SELECT period, people FROM research.look_counts")
    return {row["period"]: row["people"] for row in await cursor.fetchall()}


async def test_a_member_is_counted_once_in_the_period_of_the_first_look(
    database: Database, connection: AnyConnection
) -> None:
    study, one, other, late = await opened(database), new_id(), new_id(), new_id()
    for days, members in ((0, [one, one]), (83, [other]), (84, [one, late]), (400, [other, late])):
        with clock.at(FIRST_DAY + timedelta(days=days)):
            for member in members:
                await study_looks.note(database.pool, study.id, member_id=member)
    assert await _counted(connection) == {1: 2, 2: 1}


async def test_two_windows_at_once_are_one_person(
    database: Database, connection: AnyConnection
) -> None:
    study, member = await opened(database), new_id()
    with clock.at(START):
        await asyncio.gather(
            *(study_looks.note(database.pool, study.id, member_id=member) for _ in range(4))
        )
    assert await _counted(connection) == {1: 1}


async def test_a_study_that_is_not_open_is_looked_at_by_nobody(
    database: Database, connection: AnyConnection
) -> None:
    draft, ended = await drafted(database), await opened(database)
    await closed(database, ended)
    for study_id in (draft.id, ended.id, new_id()):
        await study_looks.note(database.pool, study_id, member_id=new_id())
    assert await _counted(connection) == {}
    cursor = await connection.execute("SELECT count(*) FROM identity.study_looks")
    assert await cursor.fetchone() == {"count": 0}


async def test_no_time_of_a_look_is_kept_anywhere(connection: AnyConnection) -> None:
    cursor = await connection.execute(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_name IN ('study_looks', 'look_counts')"
    )
    assert {(row["table_name"], row["column_name"]) for row in await cursor.fetchall()} == {
        ("study_looks", "study_id"),
        ("study_looks", "member_id"),
        ("look_counts", "study_id"),
        ("look_counts", "period"),
        ("look_counts", "people"),
    }


async def test_over_http_members_count_and_staff_do_not(
    app: FastAPI, connection: AnyConnection, researcher: SignedIn, members: list[SignedIn]
) -> None:
    path = await open_study(researcher)
    moderator = await signed_in(app, roles=(Role.MODERATOR,))
    async with moderator.client:
        for browser in (researcher, moderator):
            await ask(browser, "GET", path)
    assert await _counted(connection) == {}
    for browser in (members[0], members[1], members[0]):
        await ask(browser, "GET", path)
    assert await _counted(connection) == {1: 2}
