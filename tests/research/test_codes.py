"""Taking part with the code of a card, without an account, over HTTP."""

import asyncio
from uuid import UUID

import httpx2
import pytest
from fastapi import FastAPI

from app.core import clock, written_codes
from app.core.db import AnyConnection, Database, unit_of_work
from app.identity.roles import Role
from app.programme import groups, organisations
from app.programme.choices import GroupKind, GroupMode
from app.programme.groups import GroupWords
from app.research import code_participation, studies
from app.research.demographics import Demographics
from app.research.models import Purpose
from tests.people import People, SignedIn, new_client
from tests.research.asked_studies import AskedStudy, asked_study
from tests.research.factories import START, later
from tests.research.over_http import Json, ask
from tests.research.test_helped import parts, rows
from tests.support.waiting import eventually, waiting

YES = {"activity": False, "questionnaires": True, "contact": False}


async def card(database: Database) -> str:
    """A card that somebody was handed in their group."""
    async with unit_of_work(database) as session:
        owner = await organisations.add_organisation(session, name="Harbour Minds")
        area = await organisations.add_area(session, name="Leeds")
        words = GroupWords(
            owner.id, area.id, "A circle", GroupMode.IN_PERSON, GroupKind.PEER_LED, "", "Here"
        )
        group = await groups.start(session, words)
    code = written_codes.draw("C")
    async with database.pool.connection() as connection:
        await connection.execute(
            "INSERT INTO programme.participation_codes (code, group_id, created_at)"
            " VALUES (%s, %s, %s)",
            (code, group.id, START),
        )
    return code


class Holder:
    """Somebody with a card at a browser that nobody has signed in on."""

    def __init__(self, client: httpx2.AsyncClient, study: AskedStudy, code: str) -> None:
        self.client = client
        self.study = study
        self.code = code

    async def say(self, path: str, *, status: int = 200, **body: object) -> Json:
        sent = {"code": self.code, **body}
        answer = await self.client.post(f"/api/v1/by-code{path}", json=sent)
        assert answer.status_code == status, answer.text
        found: Json = answer.json() if answer.content else {}
        return found

    async def see(self) -> Json:
        (study,) = (await self.say("/studies"))["items"]
        return dict(study)

    async def join(self, *, status: int = 201, **more: object) -> Json:
        body = {"sheet_version": 1, "purposes": YES, **more}
        return await self.say(f"/studies/{self.study.id}/participation", status=status, **body)

    async def wave(self, act: str = "", *, status: int = 200, **body: object) -> Json:
        return await self.say(f"/studies/{self.study.id}/waves/1{act}", status=status, **body)

    async def leave(self, *, erase: bool) -> Json:
        return await self.say(f"/studies/{self.study.id}/withdrawal", erase=erase)


@pytest.fixture
async def study(researcher: SignedIn) -> AskedStudy:
    """A study with a baseline and a second wave after three months."""
    return await asked_study(researcher)


@pytest.fixture
async def holder(app: FastAPI, database: Database, study: AskedStudy) -> Holder:
    """Somebody with a card."""
    return Holder(new_client(app), study, await card(database))


async def test_a_card_takes_part_answers_and_hands_in_without_an_account(
    holder: Holder, connection: AnyConnection, researcher: SignedIn, study: AskedStudy
) -> None:
    with clock.at(START):
        seen = await holder.see()
        assert (seen["standing"], seen["waves"]) == (None, [])
        assert [one["purpose"] for one in seen["purposes"]] == [
            "activity",
            "questionnaires",
            "contact",
        ]
        assert "meetings I come to" in seen["purposes"][0]["words"]
        assert "Please read." in seen["sheet"]["body_html"]
        said = {"age_band": "25_to_34", "area": None, "peer_support_before": "yes"}
        receipt = await holder.join(demographics=said)
    assert receipt["state"] == "taking_part"
    assert {act["purpose"]: act["act"] for act in receipt["acts"]} == {
        "activity": "declined",
        "questionnaires": "given",
        "contact": "declined",
    }
    with clock.at(later(hours=1)):
        seen = await holder.see()
        assert [(one["title"], one["standing"]) for one in seen["waves"]] == [
            ("Baseline", "open"),
            ("After 3 months", "upcoming"),
        ]
        answers = {f"phq9_{number}": 1 for number in range(1, 10)}
        await holder.wave("/answers", status=204, **parts(answers))
        found = await holder.wave()
        assert (found["done"], "answers" in found, "answered" in found) == (["phq9"], False, False)
        await holder.wave("/completion", status=204)
        refused = await holder.wave("/answers", status=409, **parts({"phq9_1": 0}))
        assert refused["type"] == "response-done"
    (row,) = await rows(
        connection, "SELECT id, tenure_band, age_band, area FROM research.participants"
    )
    assert row == {
        "id": receipt["pseudonym"],
        "tenure_band": None,
        "age_band": "25_to_34",
        "area": None,
    }
    (response,) = await rows(connection, "SELECT mode, done_at FROM research.responses")
    assert response == {"mode": "alone", "done_at": later(hours=1)}
    counts = await researcher.get(f"{study.path}/participants")
    assert set(counts["agreeing"].values()) == {None}, "one is too few to tell"


async def test_what_was_said_before_is_not_shown_to_a_card_again(holder: Holder) -> None:
    with clock.at(START):
        first = await holder.join()
        assert first["pseudonym"]
        again = await holder.join()
        assert (again["pseudonym"], again["already"]) == (None, True)
        changed = await holder.join(purposes={**YES, "contact": True})
        assert (changed["pseudonym"], changed["already"]) == (None, False)
        assert first["pseudonym"] not in str(await holder.see())


async def test_a_card_agrees_to_nothing_that_needs_an_account(holder: Holder) -> None:
    purposes: Json = {**YES, "text": True}
    with clock.at(START):
        await holder.join(purposes=purposes, status=422)
        nothing = {"activity": False, "questionnaires": False, "contact": False}
        assert (await holder.join(purposes=nothing, status=422))["type"] == "nothing-chosen"
        assert (await holder.join(sheet_version=2, status=409))["type"] == "sheet-changed"
        assert (await holder.see())["standing"] is None


async def test_a_purpose_that_the_study_does_not_ask_for_is_refused(
    holder: Holder, researcher: SignedIn, study: AskedStudy, connection: AnyConnection
) -> None:
    await connection.execute(
        "DELETE FROM research.study_purposes WHERE study_id = %s AND purpose = 'contact'",
        (study.id,),
    )
    with clock.at(START):
        both = {**YES, "contact": True}
        assert (await holder.join(purposes=both, status=422))["type"] == "purpose-not-asked"


async def test_a_wrong_code_and_an_unknown_one_get_one_answer(holder: Holder) -> None:
    unknown = written_codes.draw("C")
    wrong = unknown[:-1] + ("2" if unknown[-1] != "2" else "3")
    answers = []
    for code in (unknown, wrong, "hello"):
        holder.code = code
        found = await holder.say("/studies", status=422)
        found.pop("request_id", None)
        answers.append(found)
    assert answers[0] == answers[1] == answers[2]
    assert answers[0]["type"] == "bad-code"


async def test_guessing_is_limited_by_network_and_right_codes_are_not(
    app: FastAPI, holder: Holder, study: AskedStudy
) -> None:
    for _ in range(30):
        await holder.say("/studies")
    guesser = Holder(holder.client, study, "C-00000-00")
    for _ in range(20):
        await guesser.say("/studies", status=422)
    refused = await guesser.say("/studies", status=429)
    assert refused["type"] == "too-many"
    await holder.say("/studies", status=429)
    elsewhere = Holder(new_client(app, host="192.0.2.77"), study, holder.code)
    await elsewhere.say("/studies")


async def test_a_card_stops_or_has_everything_erased_in_one_step(
    holder: Holder, connection: AnyConnection
) -> None:
    with clock.at(START):
        assert (await holder.leave(erase=True))["state"] == "nothing_held"
        await holder.join()
    with clock.at(later(hours=1)):
        await holder.wave("/answers", status=204, **parts({"phq9_1": 1}))
        assert (await holder.leave(erase=False))["state"] == "stopped"
        assert (await holder.leave(erase=False))["already"] is True
        assert (await holder.see())["standing"] == "stopped"
        refused = await holder.wave("/answers", status=409, **parts({"phq9_1": 1}))
        assert refused["type"] == "questionnaires-not-agreed"
        assert len(await rows(connection, "SELECT 1 FROM research.answers")) == 1
    with clock.at(later(hours=2)):
        gone = await holder.leave(erase=True)
        assert (gone["state"], gone["pseudonym"]) == ("erased", None)
        assert (await holder.leave(erase=True))["state"] == "nothing_held"
        refused = await holder.wave("/answers", status=404, **parts({"phq9_1": 1}))
        assert refused["type"] == "not-taking-part"
        assert (await holder.wave(status=404))["type"] == "wave-not-found"
        for query in (
            "SELECT 1 FROM research.answers",
            "SELECT 1 FROM identity.study_code_links",
        ):
            assert await rows(connection, query) == []
        assert (await holder.see())["standing"] is None
        assert (await holder.join())["pseudonym"]


async def test_a_card_leaves_a_study_that_has_ended_and_joins_none(
    app: FastAPI, database: Database, holder: Holder, researcher: SignedIn, study: AskedStudy
) -> None:
    with clock.at(START):
        await holder.join()
    with clock.at(later(days=1)):
        await ask(researcher, "POST", f"{study.path}/closing")
        late = Holder(new_client(app), study, await card_again(holder, database))
        assert (await late.say("/studies"))["items"] == []
        assert (await late.join(status=409))["type"] == "study-closed"
        assert (await holder.see())["state"] == "closed"
        assert (await holder.leave(erase=True))["state"] == "erased"


async def card_again(holder: Holder, database: Database) -> str:
    """Another card of the same group."""
    code = written_codes.draw("C")
    async with database.pool.connection() as connection:
        await connection.execute(
            "INSERT INTO programme.participation_codes (code, group_id, created_at)"
            " SELECT %s, group_id, created_at FROM programme.participation_codes WHERE code = %s",
            (code, holder.code),
        )
    return code


async def test_datasets_hold_nobody_who_only_answers(
    holder: Holder, researcher: SignedIn, study: AskedStudy, people: People
) -> None:
    with clock.at(START):
        receipt = await holder.join()
        for _ in range(6):
            await study.join(await people.member())
    with clock.at(later(days=100)):
        frozen = await ask(researcher, "POST", f"{study.path}/datasets", {}, status=201)
        checker = await people.member(roles=(Role.CHECKER,))
        assert await checker.status(f"{study.path}/datasets") == 200
    assert receipt["pseudonym"] not in str(frozen)


async def test_the_helper_finds_the_holder_of_a_card_by_their_pseudonym(
    holder: Holder, researcher: SignedIn, study: AskedStudy
) -> None:
    with clock.at(START):
        receipt = await holder.join()
    with clock.at(later(hours=1)):
        found = await researcher.get(f"{study.path}/respondents/{receipt['pseudonym']}")
    assert [one["title"] for one in found["items"]] == ["Baseline", "After 3 months"]


async def test_a_card_that_joins_in_two_windows_at_once_is_told_so(
    database: Database, holder: Holder, study: AskedStudy, connection: AnyConnection
) -> None:
    async with unit_of_work(database) as session:
        locked = await studies.access(session, UUID(study.id), is_researcher=False, lock="join")
        await code_participation.join(
            session,
            locked,
            code=holder.code,
            sheet_version=1,
            choices={Purpose.QUESTIONNAIRES: True},
            demographics=Demographics(),
        )
        second = asyncio.create_task(holder.join(status=409))
        await eventually(lambda: waiting(connection))
    assert (await second)["type"] == "joining-twice"
    assert len(await rows(connection, "SELECT 1 FROM research.participants")) == 1
