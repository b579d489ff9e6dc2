"""How invitations are stopped: under one's choices, by the link of a letter, by a mail program."""

from uuid import UUID

import pytest

from app.core.db import AnyConnection, Database
from app.core.encryption import Encryption
from app.research.questionnaires import invitation_choices
from tests.people import People, SignedIn
from tests.research.asked_studies import AskedStudy
from tests.research.invitations.inviting import ORIGIN, at, choose, letters, tick
from tests.research.over_http import ask


async def test_the_link_of_a_letter_stops_them_without_a_sign_in(
    database: Database,
    connection: AnyConnection,
    encryption: Encryption,
    study: AskedStudy,
    member: SignedIn,
    people: People,
) -> None:
    await tick(database, encryption, at(0, 10))
    (letter,) = await letters(connection, encryption)
    token = letter["stop_address"].rpartition("/")[2]
    assert f"{ORIGIN}/stop-invitations#token={token}" in letter["text"]
    stranger = (await people.member()).client
    stranger.cookies.clear()
    answer = await stranger.post("/api/v1/invitation-stops", json={"token": token})
    assert answer.status_code == 204
    assert (await member.get(f"{study.path}/invitation-choices"))["is_stopped"] is True
    assert await tick(database, encryption, at(9, 10)) == 0
    await choose(study, member)
    assert await tick(database, encryption, at(9, 10)) == 1


async def test_who_does_not_take_part_has_no_choices(study: AskedStudy, people: People) -> None:
    stranger = await people.member()
    path = f"{study.path}/invitation-choices"
    assert await stranger.status(path) == 404
    chosen = {"part_of_day": None, "by_email": True, "is_stopped": False}
    assert (await ask(stranger, "PUT", path, chosen, status=404))["type"] == "not-taking-part"


async def test_a_mail_program_stops_them_with_one_click(
    database: Database,
    connection: AnyConnection,
    encryption: Encryption,
    study: AskedStudy,
    member: SignedIn,
    people: People,
) -> None:
    await tick(database, encryption, at(0, 10))
    (letter,) = await letters(connection, encryption)
    path = letter["stop_address"].removeprefix(ORIGIN)
    program = (await people.member()).client
    program.cookies.clear()
    form = {"List-Unsubscribe": "One-Click"}
    page = await program.post(path, data=form, headers={"Origin": "https://elsewhere.test"})
    assert page.json()["type"] == "cross-site"
    assert (await member.get(f"{study.path}/invitation-choices"))["is_stopped"] is False
    del program.headers["Origin"]
    for _ in range(2):
        assert (await program.post(path, data=form)).status_code == 204
    assert (await member.get(f"{study.path}/invitation-choices"))["is_stopped"] is True


async def test_a_mail_program_that_opens_the_address_is_led_to_the_page_and_stops_nothing(
    database: Database,
    connection: AnyConnection,
    encryption: Encryption,
    study: AskedStudy,
    member: SignedIn,
    people: People,
) -> None:
    await tick(database, encryption, at(0, 10))
    (letter,) = await letters(connection, encryption)
    token = letter["stop_address"].rpartition("/")[2]
    browser = (await people.member()).client
    browser.cookies.clear()
    answer = await browser.get(letter["stop_address"].removeprefix(ORIGIN))
    assert (answer.status_code, answer.headers["Location"]) == (
        303,
        f"/stop-invitations#token={token}",
    )
    assert (await member.get(f"{study.path}/invitation-choices"))["is_stopped"] is False
    odd = await browser.get("/api/v1/invitation-stops/%C3%A9%23%0D%0A")
    assert odd.headers["Location"] == "/stop-invitations#token=%C3%A9%23%0D%0A"


@pytest.mark.parametrize("token", ["x", "QUFB", "not a token", "é"])
async def test_a_link_that_was_cut_off_says_what_else_can_be_done(
    member: SignedIn, token: str
) -> None:
    answer = await member.client.post("/api/v1/invitation-stops", json={"token": token})
    assert answer.status_code == 422
    assert answer.json()["type"] == "stop-link-wrong"


async def test_a_token_is_of_one_participant_and_survives_their_erasure(
    database: Database, encryption: Encryption, study: AskedStudy, member: SignedIn
) -> None:
    (held,) = (await member.get("/me/data"))["studies"]
    token = invitation_choices.stop_token(encryption, UUID(study.id), held["pseudonym"])
    await ask(member, "POST", f"{study.path}/withdrawal", {"erase": True})
    answer = await member.client.post("/api/v1/invitation-stops", json={"token": token})
    assert answer.status_code == 204
