"""Suspensions of participants: the day alone, by consent whose words speak of it, and its way
out."""

from datetime import datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

import psycopg
import pytest

from app.core import clock
from app.core.db import AnyConnection, Database
from app.core.ids import new_id
from app.identity.events import AccountSuspended
from app.identity.roles import Role
from app.research import my_data
from app.research.models import Purpose, Study
from tests.moderation.sanctioned import suspended
from tests.people import People
from tests.research.asked_studies import asked_study
from tests.research.community_events import happen_and_learn
from tests.research.factories import ONLY_ACTIVITY, START, join, later, opened, withdraw
from tests.research.over_http import deliver_all

Row = dict[str, Any]
TEXT_ALONE = {Purpose.ACTIVITY: False, Purpose.TEXT: True, Purpose.CONTACT: False}


async def _kept(connection: AnyConnection) -> list[Row]:
    query: LiteralString = "SELECT * FROM research.closures ORDER BY participant_id, day"
    return await (await connection.execute(query)).fetchall()


async def _in_study(
    database: Database, member: UUID, choices: dict[Purpose, bool] = ONLY_ACTIVITY
) -> tuple[Study, str]:
    study = await opened(database)
    with clock.at(START):
        receipt = await join(database, study, member, choices)
    return study, receipt.pseudonym or ""


async def _suspend(database: Database, *members: UUID, at: datetime) -> None:
    with clock.at(at):
        told = [AccountSuspended(account_id=new_id(), member_id=member) for member in members]
        await happen_and_learn(database, told)


async def test_a_suspension_by_two_moderators_is_a_day_that_the_member_sees(
    people: People, database: Database, connection: AnyConnection
) -> None:
    rowan, sky = await people.member("Rowan"), await people.member("Sky")
    sam, ash = [await people.member(one, roles=(Role.MODERATOR,)) for one in ("Sam", "Ash")]
    study = await asked_study(await people.member("Dr Wren", roles=(Role.RESEARCHER,)))
    pseudonym = await study.join(rowan)
    with clock.at(later(days=9)):
        await suspended(rowan, sky, sam, ash)
        await deliver_all(database)
        (held,) = (await rowan.get("/me/data"))["studies"]
    assert held["closed_on"] == [later(days=9).date().isoformat()]
    assert held["counts"]["break_taken"] == 0
    assert await _kept(connection) == [
        {
            "study_id": UUID(study.id),
            "participant_id": pseudonym,
            "day": 9,
            "occurred_at": None,
        }
    ]


async def test_a_day_is_kept_once_and_nobody_outside_is(
    database: Database, connection: AnyConnection
) -> None:
    member, outsider = new_id(), new_id()
    _, pseudonym = await _in_study(database, member)
    for days in (2, 2, 5):
        await _suspend(database, member, outsider, at=later(days=days))
    kept = await _kept(connection)
    assert [(row["participant_id"], row["day"]) for row in kept] == [(pseudonym, 2), (pseudonym, 5)]
    (held,) = await my_data.overview(database.pool, member)
    assert held.closed_on == [later(days=2).date(), later(days=5).date()]


@pytest.mark.parametrize(
    ("choices", "at"), [(TEXT_ALONE, later(days=1)), (ONLY_ACTIVITY, START - timedelta(hours=1))]
)
async def test_without_consent_at_that_moment_there_is_no_row(
    database: Database, connection: AnyConnection, choices: dict[Purpose, bool], at: datetime
) -> None:
    member = new_id()
    await _in_study(database, member, choices)
    await _suspend(database, member, at=at)
    assert await _kept(connection) == []
    cursor = await connection.execute("SELECT 1 FROM core.cursors WHERE failures > 0")
    assert cursor.rowcount == 0


async def test_words_of_before_do_not_reach_a_closure(
    database: Database, connection: AnyConnection
) -> None:
    before, since = new_id(), new_id()
    study, _ = await _in_study(database, before)
    await connection.execute(
        "CREATE OR REPLACE FUNCTION research.closures_spoken_of_since() RETURNS timestamptz"
        f" LANGUAGE sql IMMUTABLE AS $$ SELECT '{later(days=1).isoformat()}'::timestamptz $$"
    )
    with clock.at(later(days=2)):
        pseudonym = (await join(database, study, since, ONLY_ACTIVITY)).pseudonym
    await _suspend(database, before, since, at=later(days=3))
    assert [row["participant_id"] for row in await _kept(connection)] == [pseudonym]


_RAW: LiteralString = (
    "INSERT INTO research.closures (study_id, participant_id, day, occurred_at)"
    " VALUES (%s, %s, 40, %s)"
)


async def test_raw_sql_is_held_to_consent_and_rows_only_grow(
    database: Database, connection: AnyConnection
) -> None:
    member = new_id()
    study, pseudonym = await _in_study(database, member)
    for at in (START - timedelta(hours=1), None):
        with pytest.raises(psycopg.errors.CheckViolation) as refused:
            await connection.execute(_RAW, (study.id, pseudonym, at))
        assert refused.value.diag.constraint_name == "consent_in_force"
    await connection.execute(_RAW, (study.id, pseudonym, later(days=1)))
    changes: tuple[LiteralString, ...] = (
        "UPDATE research.closures SET day = 3",
        "UPDATE research.closures SET occurred_at = now()",
        "DELETE FROM research.closures",
        "TRUNCATE research.closures",
    )
    for change in changes:
        with pytest.raises(psycopg.errors.IntegrityError):
            await connection.execute(change)
    assert [(row["day"], row["occurred_at"]) for row in await _kept(connection)] == [(1, None)]


async def test_an_erasure_takes_closures_and_those_not_yet_told(
    database: Database, connection: AnyConnection
) -> None:
    one, other = new_id(), new_id()
    study, _ = await _in_study(database, one)
    with clock.at(START):
        stays = (await join(database, study, other, ONLY_ACTIVITY)).pseudonym
    await _suspend(database, one, other, at=later(days=1))
    with clock.at(later(days=2)):
        await withdraw(database, study, one, erase=True)
    await _suspend(database, one, at=later(days=3))
    assert [row["participant_id"] for row in await _kept(connection)] == [stays]
