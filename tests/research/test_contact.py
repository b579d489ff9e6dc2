"""Contact that a participant asks for: read by the studies' team alone, forgotten once answered."""

from datetime import datetime
from typing import LiteralString
from uuid import UUID

import psycopg
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from app.core import clock
from app.core.db import AnyConnection, Database, unit_of_work
from app.core.encryption import Encryption
from app.core.settings import SecretSettings
from app.identity import resealing, staff
from app.identity.roles import Role
from app.research.questionnaires import contact
from tests.identity.factories import Sent, letters
from tests.identity.test_closing import close
from tests.people import People, SignedIn
from tests.research.asked_studies import AskedStudy, asked_study
from tests.research.factories import later
from tests.research.over_http import ask, deliver_all

REACH = "07700 900123, after six"


@pytest.fixture
async def study(researcher: SignedIn) -> AskedStudy:
    return await asked_study(researcher)


@pytest.fixture
async def member(people: People, study: AskedStudy) -> SignedIn:
    found = await people.member()
    await study.join(found)
    with clock.at(later(hours=1)):
        await study.save(found, {"phq9_9": 3})
        path = f"/questionnaires/{study.id}/1/contact-request"
        await ask(found, "POST", path, {"reach": f" {REACH} "}, status=204)
    return found


async def test_the_team_sees_who_waits_and_how_to_reach_them(
    study: AskedStudy, member: SignedIn, researcher: SignedIn, connection: AnyConnection
) -> None:
    (waiting,) = (await researcher.get(f"{study.path}/contact-requests"))["items"]
    (held,) = (await member.get("/me/data"))["studies"]
    assert (waiting["reach"], waiting["pseudonym"]) == (REACH, held["pseudonym"])
    cursor = await connection.execute("SELECT reach FROM research.contact_requests")
    (row,) = await cursor.fetchall()
    assert REACH.encode() not in bytes(row["reach"])
    path = f"{study.path}/contact-requests/{waiting['id']}/answer"
    await ask(researcher, "PUT", path, status=204)
    assert (await researcher.get(f"{study.path}/contact-requests"))["items"] == []
    assert (await ask(researcher, "PUT", path, status=404))["type"] == "contact-not-found"
    cursor = await connection.execute("SELECT reach, answered_at FROM research.contact_requests")
    (row,) = await cursor.fetchall()
    assert row["reach"] is None
    assert row["answered_at"] is not None
    (told,) = (await member.get(f"/me/data/{study.id}/responses"))["contacts"]
    assert told["answered_at"] is not None


async def test_moderators_and_others_hear_nothing_of_it(
    study: AskedStudy, member: SignedIn, people: People
) -> None:
    moderator = await people.moderator("Sam", Role.SAFEGUARDING)
    checker = await people.member("Kit", roles=(Role.CHECKER,))
    assert await moderator.queue() == []
    for one in (moderator, checker, member):
        assert await one.status(f"{study.path}/contact-requests") == 403


async def test_asked_again_the_newer_words_count(
    study: AskedStudy, member: SignedIn, researcher: SignedIn
) -> None:
    path = f"/questionnaires/{study.id}/1/contact-request"
    await ask(member, "POST", path, {"reach": "By e-mail"}, status=204)
    (waiting,) = (await researcher.get(f"{study.path}/contact-requests"))["items"]
    assert waiting["reach"] == "By e-mail"
    assert (await ask(member, "POST", path, {"reach": "  "}, status=422))["errors"]


async def test_asked_again_nobody_loses_their_place(
    study: AskedStudy, member: SignedIn, researcher: SignedIn, people: People
) -> None:
    second = await people.member()
    await study.join(second)
    path = f"/questionnaires/{study.id}/1/contact-request"
    with clock.at(later(hours=2)):
        await ask(second, "POST", path, {"reach": "Second"}, status=204)
    with clock.at(later(hours=3)):
        await ask(member, "POST", path, {"reach": "First"}, status=204)
    found = (await researcher.get(f"{study.path}/contact-requests"))["items"]
    assert [one["reach"] for one in found] == ["First", "Second"]
    assert datetime.fromisoformat(found[0]["asked_at"]) == later(hours=1)
    answer = f"{study.path}/contact-requests/{found[0]['id']}/answer"
    await ask(researcher, "PUT", answer, status=204)
    with clock.at(later(hours=4)):
        await ask(member, "POST", path, {"reach": "Again"}, status=204)
    found = (await researcher.get(f"{study.path}/contact-requests"))["items"]
    assert [one["reach"] for one in found] == ["Second", "Again"]


async def test_the_team_gets_one_letter_a_request_that_names_nobody(
    app: FastAPI,
    study: AskedStudy,
    member: SignedIn,
    researcher: SignedIn,
    people: People,
    connection: AnyConnection,
) -> None:
    for role in (Role.CHECKER, Role.ADMINISTRATOR, Role.SAFEGUARDING):
        await people.member(roles=(role,))
    second = await people.member(roles=(Role.RESEARCHER,))
    path = f"/questionnaires/{study.id}/1/contact-request"
    (first,) = await _to_team(connection, app)
    assert first.to == researcher.email
    assert "Somebody in a study would like to hear from you. Sign in to read it" in first.text
    (held,) = (await member.get("/me/data"))["studies"]
    for told in (member.name, member.email, REACH, held["pseudonym"], "How you are", study.id):
        assert told not in first.subject + first.text
    with clock.at(later(hours=2)):
        await ask(member, "POST", path, {"reach": "By e-mail"}, status=204)
    assert len(await _to_team(connection, app)) == 1, "they wait already"
    (waiting,) = (await researcher.get(f"{study.path}/contact-requests"))["items"]
    await ask(
        researcher, "PUT", f"{study.path}/contact-requests/{waiting['id']}/answer", status=204
    )
    with clock.at(later(hours=3)):
        await ask(member, "POST", path, {"reach": "Again"}, status=204)
    assert [one.to for one in await _to_team(connection, app)] == [
        researcher.email,
        researcher.email,
        second.email,
    ]


async def test_a_request_that_nobody_can_answer_is_kept_and_logged(
    study: AskedStudy,
    researcher: SignedIn,
    people: People,
    database: Database,
    capsys: pytest.CaptureFixture[str],
) -> None:
    member = await people.member()
    await study.join(member)
    async with unit_of_work(database) as session:
        await staff.take_back(
            session,
            account_id=researcher.account_id,
            role=Role.RESEARCHER,
            reason="A test.",
            granter_id=None,
        )
    path = f"/questionnaires/{study.id}/1/contact-request"
    capsys.readouterr()
    with clock.at(later(hours=1)):
        await ask(member, "POST", path, {"reach": REACH}, status=204)
    assert "there is nobody to write to" in "".join(capsys.readouterr())
    again = await people.member(roles=(Role.RESEARCHER,))
    (waiting,) = (await again.get(f"{study.path}/contact-requests"))["items"]
    assert waiting["reach"] == REACH


async def _to_team(connection: AnyConnection, app: FastAPI) -> list[Sent]:
    found = await letters(connection, app.state.settings)
    return [one for one in found if one.subject == contact.SUBJECT]


@pytest.mark.parametrize(
    "change",
    [
        "answered_at = now()",
        "answered_at = now(), answered_by = id",
        "reach = NULL",
        "closed_on = now()",
    ],
    ids=["by nobody", "and kept", "forgotten before", "closed and kept"],
)
async def test_the_database_forgets_how_to_reach_them_once_answered_and_not_before(
    connection: AnyConnection, member: SignedIn, change: LiteralString
) -> None:
    with pytest.raises(psycopg.errors.CheckViolation) as refused:
        await connection.execute(f"UPDATE research.contact_requests SET {change}")
    assert refused.value.diag.constraint_name == "ck_contact_requests_answered"


async def test_erasure_takes_it_away(
    study: AskedStudy, member: SignedIn, researcher: SignedIn, connection: AnyConnection
) -> None:
    await ask(member, "POST", f"{study.path}/withdrawal", {"erase": True})
    assert (await researcher.get(f"{study.path}/contact-requests"))["items"] == []
    assert (await connection.execute("SELECT 1 FROM research.contact_requests")).rowcount == 0


async def test_closing_the_account_forgets_how_to_reach_them_and_says_so(
    database: Database,
    study: AskedStudy,
    member: SignedIn,
    researcher: SignedIn,
    connection: AnyConnection,
    people: People,
) -> None:
    stays, answered = await people.member(), await people.member()
    for one in (stays, answered):
        await study.join(one)
        path = f"/questionnaires/{study.id}/1/contact-request"
        with clock.at(later(hours=2)):
            await ask(one, "POST", path, {"reach": one.email}, status=204)
    list_ = f"{study.path}/contact-requests"
    (was_answered,) = [
        one["id"]
        for one in (await researcher.get(list_))["items"]
        if one["reach"] == answered.email
    ]
    await ask(researcher, "PUT", f"{list_}/{was_answered}/answer", status=204)
    with clock.at(later(days=1)):
        for one in (member, answered):
            assert (await close(one.client)).status_code == 204
        await deliver_all(database)
    gone, waits = (await researcher.get(list_))["items"]
    assert (gone["reach"], gone["closed_on"]) == (None, later(days=1).date().isoformat())
    assert (waits["reach"], waits["closed_on"]) == (stays.email, None)
    cursor = await connection.execute("SELECT reach FROM research.contact_requests")
    assert sum(row["reach"] is not None for row in await cursor.fetchall()) == 1
    await ask(researcher, "PUT", f"{list_}/{gone['id']}/answer", status=204)
    assert [one["reach"] for one in (await researcher.get(list_))["items"]] == [stays.email]


async def test_it_is_sealed_again_under_a_new_key(
    app: FastAPI, database: Database, study: AskedStudy, member: SignedIn
) -> None:
    former = app.state.settings.secrets
    key = SecretStr("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")
    fresh = Encryption(SecretSettings(secret_key=key, former_keys=(former.secret_key,)))
    await resealing.reseal(database, fresh, contact.reseal)
    alone = Encryption(SecretSettings(secret_key=key))

    (found,) = await contact.waiting(database.pool, alone, UUID(study.id))
    assert found.reach == REACH
