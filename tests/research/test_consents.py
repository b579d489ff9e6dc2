"""The ledger of consent, tried by raw SQL: it only grows, and what it names is there."""

from uuid import UUID

import psycopg
import pytest

from app.core import clock
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.ids import new_id
from app.research import studies
from app.research.errors.participation import PurposeNotAskedError
from app.research.models import ConsentAct, Purpose, Study
from tests.research.factories import (
    ASKED,
    EVERYTHING,
    ONLY_ACTIVITY,
    START,
    choose,
    join,
    later,
    opened,
    withdraw,
)
from tests.support.signed_off import publish_signed_off

SAY = """
    INSERT INTO research.consents (study_id, participant_id, purpose, act, sheet_version, at)
    VALUES (%(study)s, %(participant)s, %(purpose)s, 'given', %(version)s, %(at)s)
"""


async def _joined(database: Database, asks: tuple[Purpose, ...] = ASKED) -> tuple[Study, UUID, str]:
    study, member = await opened(database, asks=asks), new_id()
    with clock.at(START):
        receipt = await join(database, study, member, ONLY_ACTIVITY)
    return study, member, receipt.pseudonym or ""


async def _rule(connection: AnyConnection, sql: str, **values: object) -> str | None:
    """By which rule the database refuses."""
    with pytest.raises(psycopg.errors.IntegrityError) as refused:
        await connection.execute(sql, values)
    return refused.value.diag.constraint_name


def _said(study_id: UUID, participant: str, **other: object) -> dict[str, object]:
    values = {"purpose": "activity", "version": 1, "at": later(hours=1)}
    return {"study": study_id, "participant": participant, **values, **other}


async def test_what_is_as_it_should_be_is_taken(
    database: Database, connection: AnyConnection
) -> None:
    study, _, participant = await _joined(database)
    await connection.execute(SAY, _said(study.id, participant))


async def test_a_consent_belongs_to_a_participant_of_its_study(
    database: Database, connection: AnyConnection
) -> None:
    study, _, participant = await _joined(database)
    other, _, _ = await _joined(database)
    rule = await _rule(connection, SAY, **_said(other.id, participant))
    assert rule == "fk_consents_study_id_participant_id_participants"
    assert await _rule(connection, SAY, **_said(study.id, "P-00000-00")) == "participant_erased"


async def test_a_consent_is_to_a_purpose_that_its_study_asks_for(
    database: Database, connection: AnyConnection
) -> None:
    study, _, participant = await _joined(database, (Purpose.ACTIVITY,))
    for purpose in ("text", "contact", "profit"):
        rule = await _rule(connection, SAY, **_said(study.id, participant, purpose=purpose))
        assert rule == "fk_consents_study_id_purpose_study_purposes"


async def test_a_consent_is_to_a_sheet_that_its_study_has(
    database: Database, connection: AnyConnection
) -> None:
    study, _, participant = await _joined(database)
    other, _, _ = await _joined(database)
    async with unit_of_work(database) as session:
        locked = await studies.access(session, other.id, is_researcher=True, lock="change")
        await publish_signed_off(session, locked, body="Only the other study has a second one.")
    rule = await _rule(connection, SAY, **_said(study.id, participant, version=2))
    assert rule == "fk_consents_study_id_sheet_version_sheets"


async def test_it_can_only_be_added_to_and_in_the_order_of_time(
    database: Database, connection: AnyConnection
) -> None:
    study, _, participant = await _joined(database)
    for sql in (
        "UPDATE research.consents SET act = 'given'",
        "UPDATE research.consents SET at = date_trunc('day', at)",
        "DELETE FROM research.consents",
        "TRUNCATE research.consents",
        "UPDATE research.sheets SET body_html = ''",
        "DELETE FROM research.sheets",
        "DELETE FROM research.study_purposes",
    ):
        await _rule(connection, sql)
    earlier = _said(study.id, participant, at=later(hours=-1))
    assert await _rule(connection, SAY, **earlier) == "consent_order"


async def test_an_erased_participant_stays_erased_and_agrees_to_nothing(
    database: Database, connection: AnyConnection
) -> None:
    study, member, participant = await _joined(database)
    with clock.at(later(hours=1)):
        await withdraw(database, study, member, erase=True)
    await _rule(connection, "UPDATE research.participants SET state = 'taking_part'")
    again = _said(study.id, participant, at=later(days=2))
    assert await _rule(connection, SAY, **again) == "participant_erased"
    for sql in (
        "UPDATE research.consents SET at = at + interval '1 day'",
        "UPDATE research.consents SET at = date_trunc('day', at), act = 'given'",
    ):
        await _rule(connection, sql)


async def test_agreeing_to_what_is_not_asked_is_refused_in_words_and_nothing_is_recorded(
    database: Database, connection: AnyConnection
) -> None:
    study = await opened(database, asks=(Purpose.ACTIVITY, Purpose.CONTACT))
    with pytest.raises(PurposeNotAskedError) as refused:
        await join(database, study, new_id(), EVERYTHING)
    assert refused.value.type == "purpose-not-asked"
    assert refused.value.title == "This study doesn't ask for that"
    cursor = await connection.execute("SELECT count(*) FROM research.participants")
    assert await cursor.fetchone() == {"count": 0}


async def test_what_is_not_asked_is_never_recorded_as_declined(database: Database) -> None:
    study, member = await opened(database, asks=(Purpose.ACTIVITY, Purpose.CONTACT)), new_id()
    receipt = await join(database, study, member, ONLY_ACTIVITY)
    assert receipt.acts == {
        Purpose.ACTIVITY: ConsentAct.GIVEN,
        Purpose.CONTACT: ConsentAct.DECLINED,
    }
    with pytest.raises(PurposeNotAskedError):
        await choose(database, study, member, {Purpose.ACTIVITY: True, Purpose.TEXT: True})
    stopped = await choose(database, study, member, {})
    assert stopped.acts == {Purpose.ACTIVITY: ConsentAct.WITHDRAWN}
