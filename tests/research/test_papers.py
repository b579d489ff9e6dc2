"""Questionnaires on paper over HTTP: typed by two people, decided and confirmed by the second."""

from datetime import date, timedelta
from typing import Any

import psycopg
import pytest

from app.core import clock
from app.core.db import AnyConnection
from app.identity.roles import Role
from tests.people import People, SignedIn
from tests.research.asked_studies import PLAN, YES, AskedStudy, asked_study
from tests.research.factories import START, later
from tests.research.over_http import Json, ask
from tests.research.test_helped import rows

DAY = START.date().isoformat()
PHQ9 = {f"phq9_{number}": 1 for number in range(1, 10)}


def typed(answers: Json | None = None, services: Json | None = None, day: str = DAY) -> Json:
    """What one person types of the paper of the first wave."""
    sent = {"phq9": PHQ9 | (answers or {}), "services": services or {"services_used": [0]}}
    return {
        "answered_on": day,
        "parts": [
            {"instrument": name, "wording_version": 1, "answers": found}
            for name, found in sent.items()
        ],
    }


class Desk:
    """One paper, and the people who type it."""

    def __init__(self, study: AskedStudy, code: str, wave: int = 1) -> None:
        self.path = f"{study.path}/respondents/{code}/{wave}/paper"
        self.list = f"{study.path}/papers"

    async def enter(self, by: SignedIn, body: Json, *, status: int = 204) -> Json:
        return await ask(by, "POST", self.path, body, status=status)

    async def read(self, by: SignedIn) -> Json:
        return dict(await by.get(self.path))

    async def confirm(
        self, by: SignedIn, decided: Json | None = None, *, status: int = 204, **more: Any
    ) -> Json:
        body = {"decided": decided or {}, **more}
        return await ask(by, "POST", f"{self.path}/confirmation", body, status=status)

    async def steps(self, by: SignedIn) -> list[str]:
        return [one["step"] for one in (await by.get(self.list))["items"]]


@pytest.fixture
async def study(researcher: SignedIn) -> AskedStudy:
    """A study with a baseline and a second wave after three months."""
    return await asked_study(researcher)


@pytest.fixture
async def member(people: People) -> SignedIn:
    """Someone who takes part, on paper."""
    return await people.member()


@pytest.fixture
async def code(study: AskedStudy, member: SignedIn) -> str:
    """Their pseudonym."""
    return await study.join(member)


@pytest.fixture
async def second(people: People) -> SignedIn:
    """Another researcher."""
    return await people.member("Dr Finch", roles=(Role.RESEARCHER,))


@pytest.fixture
def desk(study: AskedStudy, code: str) -> Desk:
    """The desk on which the paper of the baseline lies."""
    return Desk(study, code)


async def test_paper_typed_twice_alike_is_confirmed_and_stands_as_a_response(
    desk: Desk,
    researcher: SignedIn,
    second: SignedIn,
    member: SignedIn,
    study: AskedStudy,
    connection: AnyConnection,
) -> None:
    with clock.at(later(days=3)):
        assert (await desk.read(researcher))["step"] == "first"
        await desk.enter(researcher, typed({"phq9_9": None}))
        assert (await desk.steps(researcher), await desk.steps(second)) == (["wait"], ["second"])
        assert await desk.read(second) == {"step": "second", "days": [], "differences": []}
        sent = typed()
        del sent["parts"][0]["answers"]["phq9_9"]
        await desk.enter(second, sent)
        assert await desk.read(second) == {"step": "decide", "days": [], "differences": []}
        assert (await desk.read(researcher))["step"] == "wait"
        await desk.confirm(second)
        assert await desk.steps(second) == []
        assert (await desk.read(researcher))["step"] == "done"
        found = await study.read(member)
    assert (found["standing"], found["answers"]) == (
        "done",
        PHQ9 | {"phq9_9": None, "services_used": [0]},
    )
    (row,) = await rows(connection, "SELECT * FROM research.responses")
    assert (row["mode"], row["entered_by"]) == ("paper", second.account_id)
    assert (row["answered_on"], row["done_at"]) == (START.date(), later(days=3))
    assert row["late_at"] is None


async def test_whoever_typed_it_first_types_it_no_second_time_and_confirms_nothing(
    desk: Desk, researcher: SignedIn, second: SignedIn, people: People
) -> None:
    with clock.at(later(hours=1)):
        await desk.enter(researcher, typed())
        refused = await desk.enter(researcher, typed(), status=403)
        assert refused["type"] == "second-person"
        assert (await desk.confirm(researcher, status=409))["type"] == "paper-typed"
        await desk.enter(second, typed())
        assert (await desk.confirm(researcher, status=403))["type"] == "second-person"
        third = await people.member(roles=(Role.RESEARCHER,))
        assert (await desk.enter(third, typed(), status=409))["type"] == "paper-typed"
        assert (await desk.read(third))["step"] == "wait"
        assert (await ask(third, "DELETE", desk.path, status=409))["type"] == "paper-typed"
        await desk.confirm(second)
        for body in (desk.enter(third, typed(), status=409), desk.confirm(second, status=409)):
            assert (await body)["type"] == "response-done"
        refused = await ask(second, "DELETE", desk.path, status=409)
        assert refused["type"] == "response-done"


async def test_what_differs_is_decided_item_by_item_by_the_second_person(
    desk: Desk, researcher: SignedIn, second: SignedIn, member: SignedIn, study: AskedStudy
) -> None:
    day = (START.date() + timedelta(days=1)).isoformat()
    with clock.at(later(days=3)):
        await desk.enter(researcher, typed({"phq9_2": 2}, {"services_used": [1], "services_gp": 4}))
        await desk.enter(second, typed({"phq9_3": None}, {"services_used": [0]}, day))
        found = await desk.read(second)
        assert found["days"] == [DAY, day]
        assert {one["item"]: (one["first"], one["second"]) for one in found["differences"]} == {
            "phq9_2": (2, 1),
            "phq9_3": (1, None),
            "services_used": ([1], [0]),
            "services_gp": (4, None),
        }
        assert (await desk.read(researcher))["differences"] == []
        decided = {"phq9_2": 3, "phq9_3": 1, "services_used": [0], "services_gp": 4}
        for wrong, day_said, pointer in (
            ({}, day, "/decided/phq9_2"),
            (decided | {"phq9_1": 0}, day, "/decided/phq9_1"),
            (decided, None, "/answered_on"),
        ):
            refused = await desk.confirm(second, wrong, answered_on=day_said, status=422)
            assert (refused["type"], refused["errors"][0]["pointer"]) == ("undecided", pointer)
        bad = await desk.confirm(second, decided | {"phq9_2": 7}, answered_on=day, status=422)
        assert bad["errors"][0]["pointer"] == "/answers/phq9_2"
        await desk.confirm(second, decided, answered_on=day)
        answers = (await study.read(member))["answers"]
    assert (answers["phq9_2"], answers["phq9_3"]) == (3, 1)
    assert answers["services_used"] == [0]
    assert "services_gp" not in answers, "it does not follow from what was decided"


async def test_what_cannot_stand_on_the_paper_is_refused(
    desk: Desk, researcher: SignedIn, study: AskedStudy, people: People, code: str
) -> None:
    tomorrow = (START.date() + timedelta(days=5)).isoformat()
    before = (START.date() - timedelta(days=1)).isoformat()
    with clock.at(later(days=4)):
        for body, pointer in (
            (typed({"phq9_1": 4}), "/answers/phq9_1"),
            (typed({}, {"services_gp": 4}), "/answers/services_gp"),
            (typed(day=tomorrow), "/answered_on"),
            (typed(day=before), "/answered_on"),
        ):
            refused = await desk.enter(researcher, body, status=422)
            assert refused["errors"][0]["pointer"] == pointer
        other = typed() | {"parts": [{**typed()["parts"][0], "instrument": "gad7"}]}
        assert (await desk.enter(researcher, other, status=422))["type"] == "question-not-asked"
        assert (await Desk(study, code, 3).enter(researcher, typed(), status=404))["type"] == (
            "wave-not-found"
        )
        silent = await study.join(await people.member(), questionnaires=False)
        refused = await Desk(study, silent).enter(researcher, typed(), status=409)
        assert refused["type"] == "not-agreed-then"
        assert await desk.steps(researcher) == []


@pytest.mark.parametrize(
    ("opens_at", "days", "is_late"),
    [
        ("00:00", 27, False),
        ("00:00", 28, True),
        ("00:00", 41, True),
        ("00:00", 42, None),
        ("09:00", 28, False),
        ("09:00", 29, True),
        ("09:00", 42, True),
        ("09:00", 43, None),
    ],
)
async def test_the_day_on_the_paper_decides_whether_it_came_in_time(
    researcher: SignedIn,
    second: SignedIn,
    people: People,
    connection: AnyConnection,
    opens_at: str,
    days: int,
    is_late: bool | None,
) -> None:
    """A window of 28 days, and 14 in which it is late. At nine in the morning of the last day it
    closes, and the whole of that day is in time: nobody can tell when the paper was filled in."""
    study = await asked_study(researcher, plan=PLAN | {"opens_at": opens_at})
    desk = Desk(study, await study.join(await people.member()))
    day = (START.date() + timedelta(days=days)).isoformat()
    with clock.at(later(days=100)):
        for one in (researcher, second):
            await desk.enter(one, typed(day=day), status=422 if is_late is None else 204)
        if is_late is not None:
            await desk.confirm(second)
    found = await rows(connection, "SELECT late_at FROM research.responses")
    late_at = later(days=100) if is_late else None
    assert found == ([] if is_late is None else [{"late_at": late_at}])


async def test_paper_takes_the_place_of_what_was_begun_on_a_screen(
    desk: Desk, researcher: SignedIn, second: SignedIn, member: SignedIn, study: AskedStudy
) -> None:
    with clock.at(later(hours=1)):
        await study.save(member, {"phq9_1": 3})
        await study.act(member, "refusal")
        for one in (researcher, second):
            await desk.enter(one, typed({"phq9_1": None}))
        await desk.confirm(second)
        found = await study.read(member)
    assert (found["standing"], found["answers"]["phq9_1"]) == ("done", None)


async def test_a_paper_can_be_forgotten_and_typed_again_until_it_is_confirmed(
    desk: Desk, researcher: SignedIn, second: SignedIn
) -> None:
    with clock.at(later(hours=1)):
        assert (await ask(second, "DELETE", desk.path, status=409))["type"] == "paper-typed"
        await desk.enter(researcher, typed())
        await ask(researcher, "DELETE", desk.path, status=204)
        assert await desk.steps(second) == []
        await desk.enter(second, typed())
        await desk.enter(researcher, typed())
        await desk.confirm(researcher)


async def test_erasure_between_two_entries_removes_what_was_typed(
    desk: Desk,
    researcher: SignedIn,
    second: SignedIn,
    member: SignedIn,
    study: AskedStudy,
    connection: AnyConnection,
) -> None:
    with clock.at(later(hours=1)):
        await desk.enter(researcher, typed())
        await ask(member, "POST", f"{study.path}/withdrawal", {"erase": True})
        assert (await desk.enter(second, typed(), status=404))["type"] == "respondent-not-found"
        assert await desk.steps(second) == []
    assert await rows(connection, "SELECT * FROM research.paper_entries") == []


async def test_who_stopped_agreeing_has_no_paper_kept(
    desk: Desk, researcher: SignedIn, second: SignedIn, member: SignedIn, study: AskedStudy
) -> None:
    with clock.at(later(hours=1)):
        await desk.enter(researcher, typed())
        await desk.enter(second, typed())
    with clock.at(later(days=1)):
        body = {"purposes": YES | {"questionnaires": False}}
        await ask(member, "PUT", f"{study.path}/participation/purposes", body)
        assert (await desk.confirm(second, status=409))["type"] == "not-agreed-then"


async def test_a_form_is_printed_without_words_that_are_locked(
    researcher: SignedIn, study: AskedStudy, connection: AnyConnection
) -> None:
    await connection.execute(
        "ALTER TABLE research.wave_instruments DISABLE TRIGGER keep_question_plan"
    )
    await connection.execute(
        "INSERT INTO research.wave_instruments VALUES (%s, 1, 3, 'swemwbs', 1)", (study.id,)
    )
    found = await researcher.get(f"{study.path}/paper-forms/1")
    assert [one["instrument"] for one in found["questionnaires"]] == ["phq9", "services"]
    assert (found["title"], found["study_title"]) == ("Baseline", "How you are")
    assert len(found["locked"]) == 1
    assert await researcher.status(f"{study.path}/paper-forms/3") == 404
    asked = {"title": "None", "summary": "Why.", "purposes": ["contact"]}
    empty = await ask(researcher, "POST", "/studies", asked, status=201)
    assert await researcher.status(f"/studies/{empty['id']}/paper-forms/1") == 404


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("UPDATE research.paper_entries SET entered_at = now()", "paper_typed_twice"),
        (
            "INSERT INTO research.paper_entries SELECT study_id, participant_id, 2, 2,"
            " answered_on, answers, entered_by, entered_at FROM research.paper_entries"
            " WHERE entry = 1",
            "paper_typed_twice",
        ),
        (
            "UPDATE research.paper_entries SET entered_by ="
            " (SELECT entered_by FROM research.paper_entries WHERE entry = 1)",
            "paper_typed_twice",
        ),
    ],
)
async def test_the_database_keeps_what_was_typed(
    desk: Desk,
    researcher: SignedIn,
    second: SignedIn,
    connection: AnyConnection,
    statement: Any,
    constraint: str,
) -> None:
    with clock.at(later(hours=1)):
        await desk.enter(researcher, typed())
        await desk.enter(second, typed())
    with pytest.raises(psycopg.errors.CheckViolation) as broken:
        await connection.execute(statement)
    assert broken.value.diag.constraint_name == constraint


async def test_the_database_takes_no_second_entry_of_one_person_and_nothing_after_the_response(
    desk: Desk, researcher: SignedIn, second: SignedIn, connection: AnyConnection
) -> None:
    again: Any = (
        "INSERT INTO research.paper_entries SELECT study_id, participant_id, wave, 2, answered_on,"
        " answers, entered_by, entered_at FROM research.paper_entries"
    )
    with clock.at(later(hours=1)):
        await desk.enter(researcher, typed())
        with pytest.raises(psycopg.errors.UniqueViolation):
            async with connection.transaction():
                await connection.execute(again)
        await desk.enter(second, typed())
        await desk.confirm(second)
    with pytest.raises(psycopg.errors.CheckViolation):
        await connection.execute("DELETE FROM research.paper_entries")


async def test_the_database_takes_no_paper_of_a_day_to_come(
    desk: Desk, researcher: SignedIn, second: SignedIn, connection: AnyConnection
) -> None:
    with clock.at(later(hours=1)):
        await desk.enter(researcher, typed())
    with pytest.raises(psycopg.errors.CheckViolation) as broken:
        await connection.execute(
            "INSERT INTO research.responses (study_id, participant_id, wave, mode, due_at,"
            " opened_at, saved_at, entered_by, answered_on) SELECT study_id, participant_id, wave,"
            " 'paper', entered_at, entered_at, entered_at, entered_by, %s"
            " FROM research.paper_entries",
            (date(2026, 3, 5),),
        )
    assert broken.value.diag.constraint_name == "wave_open"
