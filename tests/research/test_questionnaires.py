"""Questionnaires over HTTP: planned, asked, answered a bit at a time, handed in."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, LiteralString

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.rows import dict_row

from app.core import clock
from app.core.db import AnyConnection
from app.identity.roles import Role
from app.research.questionnaires import answer_values
from tests.people import People, SignedIn
from tests.research.asked_studies import PLAN, YES, AskedStudy, asked_study
from tests.research.factories import START, later
from tests.research.instrument_words import enter, record
from tests.research.over_http import Json, ask


async def _rows(connection: AnyConnection, query: LiteralString) -> list[Json]:
    cursor = await connection.cursor(row_factory=dict_row).execute(query)
    return await cursor.fetchall()


@pytest.fixture
async def study(researcher: SignedIn) -> AskedStudy:
    """A study with a baseline and a second wave after three months."""
    return await asked_study(researcher)


@pytest.fixture
async def member(people: People, study: AskedStudy) -> SignedIn:
    """Someone who takes part from the start."""
    found = await people.member()
    await study.join(found)
    return found


async def test_a_member_is_asked_in_each_wave_of_their_study(
    study: AskedStudy, member: SignedIn, people: People
) -> None:
    with clock.at(later(hours=1)):
        (baseline, second) = (await member.get("/questionnaires"))["items"]
    assert (baseline["title"], baseline["standing"], baseline["minutes"]) == ("Baseline", "open", 6)
    assert (second["title"], second["standing"]) == ("After 3 months", "upcoming")
    assert (await (await people.member()).get("/questionnaires"))["items"] == []
    found = await study.read(member)
    assert [one["instrument"] for one in found["questionnaires"]] == ["phq9", "services"]
    assert len(found["questionnaires"][0]["questions"]) == 9
    assert found["answers"] == {}


async def test_answers_are_kept_one_by_one_and_found_on_another_device(
    study: AskedStudy, member: SignedIn
) -> None:
    with clock.at(later(hours=1)):
        await study.act(member, "opening")
        await study.save(member, {"phq9_1": 2})
        await study.save(member, {"phq9_2": None, "phq9_1": 3})
        await study.save(member, {"services_used": [1, 3], "services_gp": 4}, instrument="services")
        found = await study.read(member)
    assert found["standing"] == "begun"
    assert found["answered"] == 4
    assert found["answers"] == {
        "phq9_1": 3,
        "phq9_2": None,
        "services_used": [1, 3],
        "services_gp": 4,
    }


async def test_an_answer_that_no_longer_follows_is_taken_away(
    study: AskedStudy, member: SignedIn
) -> None:
    with clock.at(later(hours=1)):
        await study.save(member, {"services_used": [1], "services_gp": 4}, instrument="services")
        await study.save(member, {"services_used": [0]}, instrument="services")
        assert (await study.read(member))["answers"] == {"services_used": [0]}


@pytest.mark.parametrize(
    ("answers", "instrument", "type_", "pointer"),
    [
        ({"phq9_1": 4}, "phq9", "bad-answer", "/answers/phq9_1"),
        ({"phq9_1": -1}, "phq9", "bad-answer", "/answers/phq9_1"),
        ({"phq9_1": "2"}, "phq9", "bad-answer", "/answers/phq9_1"),
        ({"phq9_1": [2]}, "phq9", "bad-answer", "/answers/phq9_1"),
        ({"phq9_10": 1}, "phq9", "question-not-asked", "/answers/phq9_10"),
        ({"services_gp": 3}, "services", "question-not-asked", "/answers/services_gp"),
        (
            {"services_used": [2], "services_gp": 3},
            "services",
            "question-not-asked",
            "/answers/services_gp",
        ),
        ({"services_used": [0, 1]}, "services", "bad-answer", "/answers/services_used"),
        ({"services_used": []}, "services", "bad-answer", "/answers/services_used"),
        ({"gad7_1": 1}, "gad7", "question-not-asked", "/parts"),
    ],
)
async def test_an_answer_that_cannot_be_is_refused_and_nothing_of_it_is_kept(
    study: AskedStudy,
    member: SignedIn,
    answers: Json,
    instrument: str,
    type_: str,
    pointer: str,
) -> None:
    with clock.at(later(hours=1)):
        await study.save(member, {"phq9_3": 1})
        refused = await study.save(member, {**answers}, instrument=instrument, status=422)
        assert refused["type"] == type_
        assert refused["errors"][0]["pointer"] == pointer
        assert (await study.read(member))["answers"] == {"phq9_3": 1}


async def test_words_of_a_locked_or_unknown_version_are_refused(
    study: AskedStudy, member: SignedIn
) -> None:
    with clock.at(later(hours=1)):
        for more in ({"wording_version": 9}, {"language": "cy"}):
            refused = await study.save(member, {"phq9_1": 1}, status=404, **more)
            assert refused["type"] == "not-found"
        assert (await study.read(member))["answers"] == {}


async def test_what_is_handed_in_stays_as_it_is(
    study: AskedStudy, member: SignedIn, connection: AnyConnection
) -> None:
    with clock.at(later(hours=1)):
        await study.save(member, {"phq9_1": 2})
        await study.act(member, "completion")
        await study.act(member, "completion")
        refused = await study.save(member, {"phq9_1": 0}, status=409)
        assert refused["type"] == "response-done"
        assert (await study.act(member, "refusal", status=409))["type"] == "response-done"
        found = await study.read(member)
    assert (found["standing"], found["answers"]) == ("done", {"phq9_1": 2})
    (row,) = await _rows(connection, "SELECT * FROM research.responses")
    assert row["mode"] == "alone"
    assert row["due_at"].date() == START.date()
    assert row["opened_at"] == row["saved_at"] == row["done_at"] == later(hours=1)
    assert row["late_at"] is None
    (part,) = await _rows(connection, "SELECT * FROM research.response_parts")
    assert (part["version"], part["language"], part["wording"]) == (1, "en", 1)


async def test_who_declines_can_still_answer(study: AskedStudy, member: SignedIn) -> None:
    with clock.at(later(hours=1)):
        await study.act(member, "refusal")
        assert (await study.read(member))["standing"] == "declined"
        await study.save(member, {"phq9_1": 2})
        assert (await study.read(member))["standing"] == "begun"


async def test_a_wave_is_open_in_its_window_then_late_then_over(
    study: AskedStudy, member: SignedIn, connection: AnyConnection
) -> None:
    second = timedelta(days=7 * 13)
    with clock.at(START + second - timedelta(days=1)):
        refused = await study.save(member, {"phq9_1": 1}, wave=2, status=409)
        assert refused["type"] == "wave-not-open"
        assert refused["opens_at"]
    with clock.at(START + second):
        assert (await study.read(member, 2))["standing"] == "open"
    with clock.at(START + second + timedelta(days=28)):
        assert (await study.read(member, 2))["standing"] == "late"
        await study.save(member, {"phq9_1": 1}, wave=2)
    with clock.at(START + second + timedelta(days=42)):
        refused = await study.save(member, {"phq9_1": 2}, wave=2, status=409)
        assert refused["type"] == "wave-not-open"
        found = await study.read(member, 2)
        assert (found["standing"], found["answers"]) == ("missed", {"phq9_1": 1})
    (row,) = await _rows(connection, "SELECT late_at FROM research.responses WHERE wave = 2")
    assert row["late_at"] == START + second + timedelta(days=28)


async def test_nobody_answers_for_someone_else_or_without_agreeing(
    study: AskedStudy, member: SignedIn, people: People
) -> None:
    other = await people.member()
    with clock.at(later(hours=1)):
        refused = await study.save(other, {"phq9_1": 1}, status=404)
        assert refused["type"] == "not-taking-part"
        assert await other.status(f"/questionnaires/{study.id}/1") == 404
        for wave, type_ in ((3, "wave-not-found"),):
            assert (await study.act(member, "opening", wave=wave, status=404))["type"] == type_
    await study.join(other, questionnaires=False)
    with clock.at(later(hours=1)):
        refused = await study.save(other, {"phq9_1": 1}, status=409)
        assert refused["type"] == "questionnaires-not-agreed"
        assert (await other.get("/questionnaires"))["items"] == []


async def test_who_stops_agreeing_keeps_what_was_answered_and_answers_no_more(
    study: AskedStudy, member: SignedIn, connection: AnyConnection
) -> None:
    with clock.at(later(hours=1)):
        await study.save(member, {"phq9_1": 1})
        body = {"purposes": YES | {"questionnaires": False}}
        await ask(member, "PUT", f"{study.path}/participation/purposes", body)
        assert (await study.save(member, {"phq9_1": 2}, status=409))["type"] == (
            "questionnaires-not-agreed"
        )
    assert [row["value"] for row in await _rows(connection, "SELECT * FROM research.answers")] == [
        1
    ]


async def test_erasure_in_the_middle_of_a_questionnaire_takes_every_answer(
    study: AskedStudy, member: SignedIn, connection: AnyConnection
) -> None:
    with clock.at(later(hours=1)):
        await study.save(member, {"phq9_1": 1, "phq9_9": 3})
        await ask(member, "POST", f"{study.path}/withdrawal", {"erase": True})
        assert (await study.save(member, {"phq9_2": 2}, status=404))["type"] == "not-taking-part"
        assert (await member.get("/questionnaires"))["items"] == []
    for table in ("answers", "response_parts", "responses"):
        assert await _rows(connection, f"SELECT * FROM research.{table}") == []


async def test_a_wave_by_the_calendar_is_open_for_everyone_at_once(
    researcher: SignedIn, people: People
) -> None:
    days = (date(2026, 4, 1), date(2026, 10, 1))
    study = await asked_study(researcher, weeks=(), days=days)
    early, late = await people.member(), await people.member()
    await study.join(early)
    await study.join(late, START + timedelta(days=100))
    with clock.at(later(days=101)):
        first = [(await one.get("/questionnaires"))["items"] for one in (early, late)]
        assert [[wave["title"] for wave in waves] for waves in first] == [
            ["1 April 2026", "1 October 2026"]
        ] * 2
        assert [waves[0]["standing"] for waves in first] == ["missed", "missed"]
    with clock.at(START + timedelta(days=31)):
        assert (await early.get("/questionnaires"))["items"][0]["standing"] == "open"


async def test_a_wave_that_opens_in_the_hour_that_the_clocks_leave_out_opens_after_it(
    researcher: SignedIn, people: People
) -> None:
    spring = date(2026, 3, 29)
    plan = PLAN | {"opens_at": "01:30"}
    study = await asked_study(
        researcher, plan=plan, weeks=(), days=(spring, spring + timedelta(days=84))
    )
    member = await people.member()
    await study.join(member)
    first, second = (await member.get("/questionnaires"))["items"]
    assert first["opens_at"] == "2026-03-29T01:30:00Z", "half past two by the clocks, not half past"
    assert second["opens_at"] == "2026-06-21T00:30:00Z", "half past one by the clocks in summer"
    opens = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    with clock.at(opens - timedelta(minutes=1)):
        refused = await study.save(member, {"phq9_1": 1}, status=409)
        assert refused["type"] == "wave-not-open"
    with clock.at(opens):
        await study.save(member, {"phq9_1": 1})
        assert (await study.read(member))["standing"] == "begun"


@pytest.mark.parametrize(
    ("change", "type_"),
    [
        ({"waves": [{"wave": 3, "instruments": ["phq9"]}]}, "bad-question-plan"),
        ({"waves": [{"wave": 1, "instruments": []}]}, "bad-question-plan"),
        ({"waves": [{"wave": 1, "instruments": ["phq9", "phq9"]}]}, "bad-question-plan"),
        ({"waves": [{"wave": 1, "instruments": ["mood"]}]}, "not-found"),
        ({"waves": [{"wave": 1, "instruments": ["swemwbs"]}]}, "instrument-locked"),
        ({"reminders": 3, "reminder_days": 10}, "bad-question-plan"),
    ],
)
async def test_a_plan_that_cannot_be_asked_is_refused(
    researcher: SignedIn, change: dict[str, Any], type_: str
) -> None:
    asked = {
        "title": "How you are",
        "summary": "Why.",
        "purposes": ["questionnaires"],
        "wave_weeks": [0, 13],
    }
    study = await ask(researcher, "POST", "/studies", asked, status=201)
    path = f"/studies/{study['id']}/question-plan"
    answer = await researcher.client.put(f"/api/v1{path}", json=PLAN | change)
    assert answer.json()["type"] == type_
    found = await researcher.get(path)
    assert found["is_planned"] is False
    assert [wave["instruments"] for wave in found["waves"]] == [[], []]


async def test_what_is_asked_is_settled_when_a_study_opens(
    study: AskedStudy, researcher: SignedIn
) -> None:
    refused = await ask(researcher, "PUT", f"{study.path}/question-plan", PLAN, status=409)
    assert refused["type"] == "study-not-ready"
    found = await researcher.get(f"{study.path}/question-plan")
    assert found["is_planned"] is True
    assert [[one["name"] for one in wave["instruments"]] for wave in found["waves"]] == [
        ["phq9", "services"],
        ["phq9"],
    ]


async def test_my_data_shows_every_answer_in_the_words_that_were_read(
    study: AskedStudy, member: SignedIn, people: People
) -> None:
    with clock.at(later(hours=1)):
        used = {"services_used": [3, 1], "services_gp": 2, "services_therapy": None}
        await study.save(member, used, instrument="services")
        await study.save(member, {"phq9_2": None, "phq9_1": 3})
        (held,) = (await member.get("/me/data"))["studies"]
        found = await member.get(f"/me/data/{study.id}/responses")
    assert held["answer_count"] == 5
    (response,) = found["responses"]
    assert (response["title"], response["mode"]) == ("Baseline", "alone")
    assert [(one["item"], one["answer"]) for one in response["answers"]] == [
        ("phq9_1", "Nearly every day"),
        ("phq9_2", "Skipped"),
        ("services_used", "A GP surgery, face to face, Talking therapy from the NHS"),
        ("services_gp", "2"),
        ("services_therapy", "Skipped"),
    ]
    assert response["answers"][0]["question"] == "Little interest or pleasure in doing things"
    other = await people.member()
    assert await other.status(f"/me/data/{study.id}/responses") == 404


@given(
    st.none()
    | st.integers(0, 9_999)
    | st.text(min_size=1)
    | st.lists(st.integers(0, 98), min_size=1, unique=True)
)
def test_an_answer_comes_back_from_its_row_as_it_was(answer: Any) -> None:
    columns = answer_values.columns(answer)
    assert sum(one is not None for one in columns.values()) == (answer is not None)
    read = answer_values.read(columns)
    assert read == (sorted(answer) if isinstance(answer, list) else answer)


async def test_words_whose_licence_has_ended_are_asked_no_more_and_shown_no_more(
    researcher: SignedIn, people: People
) -> None:
    administrator = await people.member("Sol", roles=(Role.ADMINISTRATOR,))
    licence = await record(administrator)
    await enter(administrator)
    plan = PLAN | {"waves": [{"wave": 1, "instruments": ["swemwbs", "phq9"]}]}
    study = await asked_study(researcher, plan=plan)
    member = await people.member()
    await study.join(member)
    with clock.at(later(hours=1)):
        await study.save(member, {"swemwbs_1": 4}, instrument="swemwbs")
        held = await member.get(f"/me/data/{study.id}/responses")
        assert held["responses"][0]["answers"] == [
            {"item": "swemwbs_1", "question": "Placeholder for swemwbs_1", "answer": "Label 4"}
        ]
    path = f"/instruments/swemwbs/licences/{licence['id']}/end"
    await ask(administrator, "POST", path, {"reason": "The project has ended."}, status=204)
    with clock.at(later(hours=1)):
        asked = (await study.read(member))["questionnaires"]
        assert [one["instrument"] for one in asked] == ["phq9"]
        refused = await study.save(member, {"swemwbs_2": 4}, instrument="swemwbs", status=409)
        assert refused["type"] == "instrument-locked"
        held = await member.get(f"/me/data/{study.id}/responses")
        assert held["responses"][0]["answers"] == [
            {"item": "swemwbs_1", "question": None, "answer": "4"}
        ]


async def test_words_of_ones_own_come_back_as_they_were_written(
    researcher: SignedIn, people: People
) -> None:
    plan = PLAN | {"waves": [{"wave": 1, "instruments": ["values"]}]}
    study = await asked_study(researcher, plan=plan)
    member = await people.member()
    await study.join(member)
    with clock.at(later(hours=1)):
        (asked,) = (await study.read(member))["questionnaires"]
        (name,) = [one["name"] for one in asked["questions"] if one["kind"] == "text"]
        words = "Being asked how I was, *every* week. \u2764"
        await study.save(member, {name: words}, instrument="values")
        assert (await study.read(member))["answers"] == {name: words}
        held = await member.get(f"/me/data/{study.id}/responses")
    assert held["responses"][0]["answers"][0]["answer"] == words
