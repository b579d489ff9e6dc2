"""Staff are never participants: who is appointed stops, and what was recorded stays theirs."""

from collections.abc import AsyncIterator

import psycopg
import pytest
from fastapi import FastAPI

from app.core import db, events
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.delivery import deliver
from app.identity import staff
from app.identity.roles import STAFF, Role
from app.research import subscribers
from app.research.errors.participation import StaffStandApartError
from tests.people import SignedIn, signed_in
from tests.research.community_events import happen, happen_and_learn, learn, published
from tests.research.factories import EVERYTHING, ONLY_ACTIVITY, choose, join, opened, withdraw
from tests.research.over_http import FIRST, ask, deliver_all

APART = "staff-stand-apart"


@pytest.fixture
async def rowan(app: FastAPI) -> AsyncIterator[SignedIn]:
    async with (found := await signed_in(app, "Rowan")).client:
        yield found


async def appoint(database: Database, one: SignedIn, role: Role = Role.MODERATOR) -> None:
    async with unit_of_work(database) as session:
        await staff.grant(
            session, account_id=one.account_id, role=role, reason="A test.", granter_id=None
        )


async def take_back(database: Database, one: SignedIn, role: Role = Role.MODERATOR) -> None:
    async with unit_of_work(database) as session:
        await staff.take_back(
            session, account_id=one.account_id, role=role, reason="A test.", granter_id=None
        )


async def _acts(connection: AnyConnection) -> list[str]:
    cursor = await connection.execute("SELECT act FROM research.consents ORDER BY id")
    return [row["act"] for row in await cursor.fetchall()]


@pytest.mark.parametrize("role", list(Role))
async def test_a_staff_role_keeps_out_of_a_study_in_words(
    app: FastAPI, database: Database, connection: AnyConnection, role: Role
) -> None:
    study = await opened(database)
    roles = () if role is Role.MEMBER else (role,)
    async with (one := await signed_in(app, roles=roles)).client:
        is_kept_out = role in STAFF
        path = f"/studies/{study.id}/participation"
        answer = await ask(one, "POST", path, FIRST, status=403 if is_kept_out else 201)
        if is_kept_out:
            assert answer["type"] == APART
            assert "another account" in answer["detail"]
        cursor = await connection.execute("SELECT identity.is_staff(%s) AS found", (one.member_id,))
        assert await cursor.fetchone() == {"found": is_kept_out}
    cursor = await connection.execute("SELECT count(*) AS n FROM identity.study_links")
    assert await cursor.fetchone() == {"n": 0 if is_kept_out else 1}


async def test_the_database_knows_the_same_staff_roles(connection: AnyConnection) -> None:
    cursor = await connection.execute("SELECT pg_get_functiondef('identity.is_staff'::regproc) d")
    row = await cursor.fetchone()
    assert row is not None
    assert {role for role in Role if f"'{role}'" in row["d"]} == STAFF


async def test_the_database_links_no_staff(
    app: FastAPI, database: Database, connection: AnyConnection, rowan: SignedIn
) -> None:
    study = await opened(database)
    await join(database, study, rowan.member_id, ONLY_ACTIVITY)
    async with (one := await signed_in(app, roles=(Role.CHECKER,))).client:
        with pytest.raises(psycopg.errors.CheckViolation, match="staff take part in no study"):
            await connection.execute(
                "INSERT INTO identity.study_links VALUES (%s, %s, 'P-00000-00')",
                (study.id, one.member_id),
            )
        with pytest.raises(psycopg.errors.CheckViolation, match="staff take part in no study"):
            await connection.execute(
                "UPDATE identity.study_links SET member_id = %s", (one.member_id,)
            )


async def test_who_is_appointed_while_joining_is_waited_for(
    database: Database, connection: AnyConnection, database_url: str, rowan: SignedIn
) -> None:
    """The one who comes second sees the first, whichever that is."""
    study = await opened(database)
    async with await psycopg.AsyncConnection.connect(database_url) as joining:
        await joining.execute(
            "INSERT INTO identity.study_links VALUES (%s, %s, 'P-00000-01')",
            (study.id, rowan.member_id),
        )
        await connection.execute("SET lock_timeout = '100ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            await connection.execute(
                "SELECT FROM identity.accounts WHERE id = %s FOR NO KEY UPDATE",
                (rowan.account_id,),
            )
        await joining.rollback()
    await appoint(database, rowan)
    with pytest.raises(StaffStandApartError):
        await join(database, study, rowan.member_id)


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.RESEARCHER, Role.ADMINISTRATOR])
async def test_a_participant_who_is_appointed_stops_and_keeps_what_was_recorded(
    database: Database, connection: AnyConnection, app: FastAPI, rowan: SignedIn, role: Role
) -> None:
    studies = [await opened(database), await opened(database)]
    for study in studies:
        await join(database, study, rowan.member_id, EVERYTHING)
    await happen_and_learn(database, [published(rowan.member_id)])
    await happen(database, published(rowan.member_id))  # waits in the outbox
    await appoint(database, rowan, role)
    await happen(database, published(rowan.member_id))
    while await deliver(database, subscribers.ACCOUNTS):
        pass
    await learn(database)
    cursor = await connection.execute("SELECT DISTINCT state FROM research.participants")
    assert await cursor.fetchall() == [{"state": "stopped"}]
    cursor = await connection.execute("SELECT count(*) AS n FROM research.activities")
    assert await cursor.fetchone() == {"n": len(studies)}, "what was recorded stays, and no more"
    assert await _acts(connection) == ["given"] * 6 + ["withdrawn"] * 6
    await deliver_all(database)
    assert len(await _acts(connection)) == 12, "again changes nothing"


async def test_what_was_recorded_can_still_be_seen_and_erased(
    database: Database, app: FastAPI, rowan: SignedIn
) -> None:
    study = await opened(database)
    await join(database, study, rowan.member_id, ONLY_ACTIVITY)
    await happen_and_learn(database, [published(rowan.member_id)])
    async with unit_of_work(database) as session:
        # Not the role's own end of sign-ins: they sign in again, as staff do.
        await staff.grant(
            session,
            account_id=rowan.account_id,
            role=Role.RESEARCHER,
            reason="A test.",
            granter_id=None,
        )
    await deliver_all(database)
    async with (again := await _signed_in_again(app, database, rowan)).client:
        (held,) = (await again.get("/me/data"))["studies"]
        assert held["receipts"][-1]["state"] == "stopped"
        assert held["counts"]["published"] == 1
        path = f"/studies/{study.id}"
        yes = {"sheet_version": 1, "purposes": FIRST["purposes"]}
        for method, way in (("POST", "participation"), ("PUT", "participation/purposes")):
            refused = await ask(again, method, f"{path}/{way}", yes, status=403)
            assert refused["type"] == APART
        gone = await ask(again, "POST", f"{path}/withdrawal", {"erase": True})
        assert gone["state"] == "erased"
        assert (await again.get("/me/data"))["studies"] == []


async def _signed_in_again(app: FastAPI, database: Database, one: SignedIn) -> SignedIn:
    from_now = await signed_in(app)
    async with database.pool.connection() as raw:
        await raw.execute(
            "UPDATE identity.sessions SET account_id = %s WHERE account_id = %s",
            (one.account_id, from_now.account_id),
        )
    return from_now


async def test_taking_a_yes_back_needs_no_welcome(database: Database, rowan: SignedIn) -> None:
    """Between the appointment and its delivery they may leave a purpose themselves."""
    study = await opened(database)
    await join(database, study, rowan.member_id, EVERYTHING)
    await appoint(database, rowan)
    receipt = await choose(database, study, rowan.member_id, ONLY_ACTIVITY)
    assert receipt.state == "taking_part"
    with pytest.raises(StaffStandApartError):
        await choose(database, study, rowan.member_id, EVERYTHING)
    await deliver_all(database)
    assert (await withdraw(database, study, rowan.member_id, erase=False)).already


async def test_the_database_takes_no_consent_of_staff_who_are_still_linked(
    database: Database, connection: AnyConnection, rowan: SignedIn
) -> None:
    study = await opened(database)
    await join(database, study, rowan.member_id, ONLY_ACTIVITY)
    again = (
        "INSERT INTO research.consents (study_id, participant_id, purpose, act, sheet_version, at)"
        " SELECT study_id, participant_id, purpose, %s, sheet_version, clock_timestamp()"
        " FROM research.consents WHERE purpose = 'activity' ORDER BY id DESC LIMIT 1"
    )
    await connection.execute(again, ("given",))
    await appoint(database, rowan)
    with pytest.raises(psycopg.errors.CheckViolation, match="staff take part in no study"):
        await connection.execute(again, ("given",))
    await connection.execute(again, ("withdrawn",))
    assert await _acts(connection) == ["given", "declined", "declined", "given", "withdrawn"]


async def test_a_role_that_is_not_staffs_stops_nobody_and_one_taken_back_lets_in_again(
    database: Database, connection: AnyConnection, rowan: SignedIn
) -> None:
    study = await opened(database)
    await join(database, study, rowan.member_id, ONLY_ACTIVITY)
    await appoint(database, rowan, Role.HOST)
    await deliver_all(database)
    assert "withdrawn" not in await _acts(connection)
    await appoint(database, rowan)
    await deliver_all(database)
    await take_back(database, rowan)
    assert "withdrawn" in await _acts(connection)
    receipt = await join(database, study, rowan.member_id, ONLY_ACTIVITY)
    assert (receipt.state, receipt.already) == ("taking_part", False)


async def _hand_over(database: Database, type_: str) -> None:
    """As when the event was a dead letter, and is redelivered once the world has moved on."""
    async with unit_of_work(database) as session:
        found = await events.read(await db.driver(session), events.START, limit=99, types=[type_])
        assert found
        await subscribers.ACCOUNTS.handle(session, found)


async def test_an_appointment_told_late_stops_nothing_that_was_agreed_to_after_it_ended(
    database: Database, connection: AnyConnection, rowan: SignedIn
) -> None:
    study = await opened(database)
    await join(database, study, rowan.member_id, ONLY_ACTIVITY)
    await appoint(database, rowan)
    await deliver_all(database)
    await take_back(database, rowan)
    await join(database, study, rowan.member_id, ONLY_ACTIVITY)
    before = await _acts(connection)
    await _hand_over(database, "role.granted")
    assert await _acts(connection) == before


async def test_an_appointment_told_late_still_stops_what_stood_when_it_came(
    database: Database, connection: AnyConnection, rowan: SignedIn
) -> None:
    study = await opened(database)
    await join(database, study, rowan.member_id, ONLY_ACTIVITY)
    await appoint(database, rowan)
    await take_back(database, rowan)
    await _hand_over(database, "role.granted")
    assert "withdrawn" in await _acts(connection)


def test_one_subscriber_hears_of_both() -> None:
    assert subscribers.ACCOUNTS.types == {"account.closed", "role.granted"}
