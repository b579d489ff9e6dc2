"""The rules that the database holds, tried by raw SQL that no code of ours would send."""

import asyncio
from typing import LiteralString
from uuid import UUID

import psycopg
import pytest

from app.core import clock
from app.core.db import AnyConnection, Database
from app.core.ids import new_id
from app.research.models import Purpose
from tests.research.factories import (
    EVERYTHING,
    ONLY_ACTIVITY,
    START,
    choose,
    closed,
    join,
    later,
    opened,
    withdraw,
)
from tests.support.waiting import eventually, waiting

READ = """
    INSERT INTO research.activities
      (study_id, participant_id, kind, version, actor_role, occurred_at, seconds)
    VALUES (%s, %s, 'read', 2, 'member', %s, 30)
"""
ABOUT = """
    INSERT INTO research.activities (study_id, participant_id, counterpart_id, kind, version,
      actor_role, other_side, target, occurred_at, length_band)
    VALUES (%s, %s, %s, 'replied', 1, 'member', 'participant', 'post', %s, 'short')
"""
TEXT = """
    INSERT INTO research.texts (study_id, participant_id, post_id, occurred_at, body)
    VALUES (%s, %s, %s, %s, 'Hello')
"""


async def _joined(
    database: Database, choices: dict[Purpose, bool] = EVERYTHING
) -> tuple[UUID, UUID, str]:
    study, member = await opened(database), new_id()
    with clock.at(START):
        receipt = await join(database, study, member, choices)
    return study.id, member, receipt.pseudonym or ""


async def _refused(connection: AnyConnection, sql: str, *values: object) -> str | None:
    """Whether the database refuses, and by which rule."""
    with pytest.raises(psycopg.errors.IntegrityError) as refused:
        await connection.execute(sql, values)
    return refused.value.diag.constraint_name


async def test_with_consent_in_force_a_row_is_taken_and_its_time_is_let_go(
    database: Database, connection: AnyConnection
) -> None:
    study, _, participant = await _joined(database)
    await connection.execute(READ, (study, participant, later(days=3, hours=15)))
    cursor = await connection.execute("SELECT day, time_band, occurred_at FROM research.activities")
    assert await cursor.fetchone() == {"day": 4, "time_band": "night", "occurred_at": None}


async def test_day_and_time_of_day_are_the_databases_whatever_is_said(
    database: Database, connection: AnyConnection
) -> None:
    study, _, participant = await _joined(database)
    said = READ.replace("seconds)", "seconds, day, time_band)").replace("30)", "30, 77, 'evening')")
    await connection.execute(said, (study, participant, later(days=3)))
    cursor = await connection.execute("SELECT day, time_band FROM research.activities")
    assert await cursor.fetchone() == {"day": 3, "time_band": "morning"}


async def test_no_row_is_written_without_its_time_to_hold_against_consent(
    database: Database, connection: AnyConnection
) -> None:
    study, _, participant = await _joined(database)
    rule = await _refused(connection, READ, study, participant, None)
    assert rule == "consent_in_force"


async def test_the_partition_of_a_study_is_held_to_the_same_rules(
    database: Database, connection: AnyConnection
) -> None:
    study, _, participant = await _joined(database)
    elsewhere, _, stranger = await _joined(database)
    partition = f"research.activities_{study.hex}"
    direct = READ.replace("research.activities", partition)
    assert await _refused(connection, direct, study, participant, later(hours=-1))
    with pytest.raises(psycopg.errors.FeatureNotSupported, match="another partition"):
        await connection.execute(direct, (elsewhere, stranger, later(hours=1)))
    await connection.execute(direct, (study, participant, later(hours=1)))
    cursor = await connection.execute(f"SELECT day, time_band, occurred_at FROM {partition}")
    assert await cursor.fetchall() == [{"day": 0, "time_band": "morning", "occurred_at": None}]
    for change in (
        f"UPDATE {partition} SET occurred_at = now()",
        f"UPDATE {partition} SET seconds = 1",
        f"DELETE FROM {partition}",
        f"TRUNCATE {partition}",
    ):
        await _refused(connection, change)


async def test_no_time_is_stored_though_every_trigger_were_gone(
    database: Database, connection: AnyConnection
) -> None:
    study, _, participant = await _joined(database)
    await connection.execute("SET session_replication_role = replica")
    whole = READ.replace("seconds)", "seconds, day, time_band)").replace("30)", "30, 0, 'night')")
    for table in ("research.activities", f"research.activities_{study.hex}"):
        sql = whole.replace("research.activities", table)
        rule = await _refused(connection, sql, study, participant, later(hours=1))
        assert rule == "ck_activities_no_exact_time"


async def test_a_study_made_by_anyone_has_its_partition(connection: AnyConnection) -> None:
    sql = """
        INSERT INTO research.studies (id, title, summary, state, created_at)
        VALUES (gen_random_uuid(), 'Raw', 'x', 'draft', now()) RETURNING id
    """
    cursor = await connection.execute(sql)
    (row,) = await cursor.fetchall()
    cursor = await connection.execute(
        "SELECT count(*) FROM pg_inherits WHERE inhparent = 'research.activities'::regclass"
        " AND inhrelid = to_regclass(%s)",
        (f"research.activities_{row['id'].hex}",),
    )
    assert await cursor.fetchone() == {"count": 1}


async def test_without_consent_to_activity_no_row(
    database: Database, connection: AnyConnection
) -> None:
    study, _, participant = await _joined(
        database, {Purpose.ACTIVITY: False, Purpose.TEXT: True, Purpose.CONTACT: True}
    )
    rule = await _refused(connection, READ, study, participant, later(days=1))
    assert rule == "consent_in_force"
    await connection.execute(TEXT, (study, participant, new_id(), later(days=1)))


async def test_without_consent_to_text_no_text(
    database: Database, connection: AnyConnection
) -> None:
    study, _, participant = await _joined(database, ONLY_ACTIVITY)
    rule = await _refused(connection, TEXT, study, participant, new_id(), later(days=1))
    assert rule == "consent_in_force"


@pytest.mark.parametrize("hours", [-1, 5])
async def test_not_before_joining_and_not_after_withdrawing(
    database: Database, connection: AnyConnection, hours: int
) -> None:
    study, member, participant = await _joined(database)
    with clock.at(later(hours=4)):
        await choose(database, _Named(study), member, {Purpose.TEXT: True})  # type: ignore[arg-type]
    rule = await _refused(connection, READ, study, participant, later(hours=hours))
    assert rule == "consent_in_force"


class _Named:
    def __init__(self, study_id: UUID) -> None:
        self.id = study_id


async def test_what_happened_before_a_withdrawal_but_arrives_after_it_is_not_kept(
    database: Database, connection: AnyConnection
) -> None:
    study, member, participant = await _joined(database)
    with clock.at(later(hours=4)):
        await withdraw(database, _Named(study), member)  # type: ignore[arg-type]
    assert await _refused(connection, READ, study, participant, later(hours=3))


async def test_not_before_the_study_opened(database: Database, connection: AnyConnection) -> None:
    """A consent that is older than the opening, as no code of ours could write it."""
    study, _, participant = await _joined(database)
    await connection.execute("UPDATE research.studies SET opened_at = %s", (later(hours=2),))
    assert (
        await _refused(connection, READ, study, participant, later(hours=1)) == "consent_in_force"
    )
    assert await _refused(connection, TEXT, study, participant, new_id(), later(hours=1))
    await connection.execute(READ, (study, participant, later(hours=2)))


async def test_not_after_the_study_closed(database: Database, connection: AnyConnection) -> None:
    study, member = await opened(database), new_id()
    with clock.at(START):
        participant = (await join(database, study, member)).pseudonym
    with clock.at(later(hours=4)):
        await closed(database, study)
    await connection.execute(READ, (study.id, participant, later(hours=3)))
    assert await _refused(connection, READ, study.id, participant, later(hours=4))


async def test_a_counterpart_must_consent_as_well(
    database: Database, connection: AnyConnection
) -> None:
    study, one, other = await opened(database), new_id(), new_id()
    with clock.at(START):
        first = (await join(database, study, one)).pseudonym
        second = (await join(database, study, other, {Purpose.CONTACT: True})).pseudonym
    for pair in ((first, second), (second, first)):
        rule = await _refused(connection, ABOUT, study.id, *pair, later(hours=1))
        assert rule == "consent_in_force"


async def test_activities_can_only_be_added_to(
    database: Database, connection: AnyConnection
) -> None:
    study, _, participant = await _joined(database)
    await connection.execute(READ, (study, participant, later(hours=1)))
    for sql in (
        "UPDATE research.activities SET seconds = 1",
        "UPDATE research.activities SET counterpart_id = NULL, seconds = 2",
        "DELETE FROM research.activities",
        "TRUNCATE research.activities CASCADE",
        "DELETE FROM research.participants",
        "UPDATE research.participants SET study_id = gen_random_uuid()",
        "UPDATE research.texts SET body = 'x'",
    ):
        if "texts" in sql:
            await connection.execute(TEXT, (study, participant, new_id(), later(hours=1)))
        await _refused(connection, sql)


ONE = "research.activities", "activity", READ, ()
OTHER = "research.activities", "activity", ABOUT, ()
WORDS = "research.texts", "text", TEXT, (new_id(),)


@pytest.mark.parametrize("row", [ONE, OTHER, WORDS], ids=["actor", "other side", "author"])
async def test_a_withdrawal_waits_for_a_row_and_a_row_for_a_withdrawal(
    database: Database,
    database_url: str,
    connection: AnyConnection,
    row: tuple[str, str, LiteralString, tuple[object, ...]],
) -> None:
    """Two connections: what is written first counts first, whichever commits first."""
    table, purpose, sql, more = row
    study, one, other = await opened(database), new_id(), new_id()
    with clock.at(START):
        leaving = (await join(database, study, one)).pseudonym
        staying = (await join(database, study, other)).pseudonym
    people = (staying, leaving) if sql is ABOUT else (leaving,)
    values = (study.id, *people, *more, later(hours=1))
    gone = """
        INSERT INTO research.consents (study_id, participant_id, purpose, act, sheet_version, at)
        VALUES (%s, %s, %s, 'withdrawn', 1, %s)
    """
    asked = (study.id, leaving, purpose, later(hours=2))
    connect = psycopg.AsyncConnection.connect
    async with await connect(database_url) as writer, await connect(database_url) as leaver:
        await writer.execute(sql, values)
        await leaver.execute("SET lock_timeout = '100ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            await leaver.execute(gone, asked)
        await leaver.rollback()
        await writer.rollback()
        await leaver.execute(gone, asked)
        late = asyncio.create_task(writer.execute(sql, values))
        await eventually(lambda: waiting(connection), until=lambda count: late.done() or count > 0)
        await leaver.commit()
        with pytest.raises(psycopg.errors.CheckViolation):
            await late
    cursor = await connection.execute(f"SELECT FROM {table}")
    assert await cursor.fetchall() == []


async def test_everything_of_a_study_is_keyed_by_the_study(connection: AnyConnection) -> None:
    """Alone or, where an id is given out, beside it."""
    cursor = await connection.execute(
        "SELECT r.relname AS name FROM pg_class r"
        " WHERE r.relnamespace = 'research'::regnamespace AND r.relkind IN ('r', 'p')"
        " AND NOT r.relispartition AND NOT EXISTS ("
        "   SELECT FROM pg_constraint c JOIN pg_attribute a"
        "   ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)"
        "   WHERE c.conrelid = r.oid AND c.contype IN ('p', 'u') AND a.attname = 'study_id')"
    )
    of_no_study = {row["name"] for row in await cursor.fetchall()}
    of_an_instrument = {"instrument_licences", "instrument_licence_ends", "instrument_wordings"}
    of_either = {"reviews", "review_answers"}
    assert of_no_study == {"studies", "activity_types"} | of_an_instrument | of_either
