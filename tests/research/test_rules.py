"""The rules that the database holds, tried by raw SQL that no code of ours would send."""

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
    happen_and_learn,
    join,
    later,
    opened,
    published,
    withdraw,
)

READ = """
    INSERT INTO research.activities (study_id, participant_id, kind, occurred_at, seconds, day)
    VALUES (%s, %s, 'read', %s, 30, %s)
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


async def test_with_consent_in_force_a_row_is_taken(
    database: Database, connection: AnyConnection
) -> None:
    study, _, participant = await _joined(database)
    await connection.execute(READ, (study, participant, later(days=3, hours=15), 4))
    row = await (
        await connection.execute("SELECT day, hour_band FROM research.activities")
    ).fetchone()
    assert row == {"day": 4, "hour_band": "night"}


async def test_the_day_must_be_counted_from_enrolment(
    database: Database, connection: AnyConnection
) -> None:
    study, _, participant = await _joined(database)
    rule = await _refused(connection, READ, study, participant, later(days=3), 4)
    assert rule == "day_from_enrolment"


async def test_without_consent_to_activity_no_row(
    database: Database, connection: AnyConnection
) -> None:
    study, _, participant = await _joined(
        database, {Purpose.ACTIVITY: False, Purpose.TEXT: True, Purpose.CONTACT: True}
    )
    rule = await _refused(connection, READ, study, participant, later(days=1), 1)
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
    rule = await _refused(connection, READ, study, participant, later(hours=hours), 0)
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
    assert await _refused(connection, READ, study, participant, later(hours=3), 0)


async def test_not_after_the_study_closed(database: Database, connection: AnyConnection) -> None:
    study, member = await opened(database), new_id()
    with clock.at(START):
        participant = (await join(database, study, member)).pseudonym
    with clock.at(later(hours=4)):
        await closed(database, study)
    await connection.execute(READ, (study.id, participant, later(hours=3), 0))
    assert await _refused(connection, READ, study.id, participant, later(hours=4), 0)


async def test_a_counterpart_must_consent_as_well(
    database: Database, connection: AnyConnection
) -> None:
    study, one, other = await opened(database), new_id(), new_id()
    with clock.at(START):
        first = (await join(database, study, one)).pseudonym
        second = (await join(database, study, other, {Purpose.CONTACT: True})).pseudonym
    sql = """
        INSERT INTO research.activities (study_id, participant_id, counterpart_id, kind,
          occurred_at, source_event_id, day, length_band)
        VALUES (%s, %s, %s, 'replied', %s, 1, 0, 'short')
    """
    for pair in ((first, second), (second, first)):
        rule = await _refused(connection, sql, study.id, *pair, later(hours=1))
        assert rule == "consent_in_force"


async def test_consent_can_only_be_added_to(database: Database, connection: AnyConnection) -> None:
    _, _, participant = await _joined(database)
    for sql in (
        "UPDATE research.consents SET act = 'given'",
        "DELETE FROM research.consents",
        "TRUNCATE research.consents",
        "UPDATE research.sheets SET body_html = ''",
        "DELETE FROM research.sheets",
    ):
        await _refused(connection, sql)
    earlier = """
        INSERT INTO research.consents (participant_id, purpose, act, sheet_version, at)
        VALUES (%s, 'activity', 'given', 1, %s)
    """
    assert await _refused(connection, earlier, participant, later(hours=-1)) == "consent_order"
    await connection.execute(earlier, (participant, later(hours=1)))


async def test_activities_can_only_be_added_to(
    database: Database, connection: AnyConnection
) -> None:
    study, _, participant = await _joined(database)
    await connection.execute(READ, (study, participant, later(hours=1), 0))
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


async def test_an_erased_participant_stays_erased(
    database: Database, connection: AnyConnection
) -> None:
    study, member, participant = await _joined(database)
    with clock.at(later(hours=1)):
        await withdraw(database, _Named(study), member, erase=True)  # type: ignore[arg-type]
    await _refused(connection, "UPDATE research.participants SET state = 'taking_part'")
    again = """
        INSERT INTO research.consents (participant_id, purpose, act, sheet_version, at)
        VALUES (%s, 'activity', 'given', 1, %s)
    """
    rule = await _refused(connection, again, participant, later(hours=2))
    assert rule == "participant_erased"
    assert await _refused(connection, READ, study, participant, later(hours=2), 0)


async def test_consent_is_only_given_to_a_sheet_that_the_study_has(
    database: Database, connection: AnyConnection
) -> None:
    _, _, participant = await _joined(database)
    never = """
        INSERT INTO research.consents (participant_id, purpose, act, sheet_version, at)
        VALUES (%s, 'activity', 'given', 2, %s)
    """
    rule = await _refused(connection, never, participant, later(hours=1))
    assert rule == "consent_names_a_sheet"


async def test_a_withdrawal_waits_for_an_activity_and_the_next_one_sees_it(
    database: Database, database_url: str
) -> None:
    """Two connections: what is written first counts first, whichever commits first."""
    study, _, participant = await _joined(database)
    gone = """
        INSERT INTO research.consents (participant_id, purpose, act, sheet_version, at)
        VALUES (%s, 'activity', 'withdrawn', 1, %s)
    """
    connect = psycopg.AsyncConnection.connect
    async with await connect(database_url) as writer, await connect(database_url) as leaver:
        await writer.execute(READ, (study, participant, later(hours=1), 0))
        await leaver.execute("SET lock_timeout = '100ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            await leaver.execute(gone, (participant, later(hours=2)))
        await leaver.rollback()
        await writer.rollback()
        await leaver.execute(gone, (participant, later(hours=2)))
        await writer.execute("SET lock_timeout = '100ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            await writer.execute(READ, (study, participant, later(hours=1), 0))
        await writer.rollback()


async def test_the_research_role_reads_research_and_nothing_else(
    database: Database, connection: AnyConnection
) -> None:
    _, member, _ = await _joined(database)
    with clock.at(later(hours=1)):
        await happen_and_learn(database, [published(member)])
    await connection.execute("SET ROLE alongside_research")
    for table in ("studies", "participants", "consents", "activities", "datasets", "pulls"):
        await connection.execute(f"SELECT * FROM research.{table}")
    for table in (
        "identity.study_links",
        "identity.accounts",
        "community.posts",
        "community.members",
        "moderation.cases",
        "core.events",
        "public.procrastinate_jobs",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await connection.execute(f"SELECT * FROM {table}")
    for sql in ("DELETE FROM research.texts", "UPDATE research.studies SET title = 'x'"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await connection.execute(sql)
