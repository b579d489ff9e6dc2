"""Someone of the team helps a participant through a questionnaire, over HTTP."""

from typing import LiteralString

import pytest
from psycopg.rows import dict_row

from app.core import clock, written_codes
from app.core.db import AnyConnection
from app.identity.roles import Role
from tests.people import People, SignedIn
from tests.research.asked_studies import AskedStudy, asked_study
from tests.research.factories import later
from tests.research.over_http import Json, ask


async def rows(connection: AnyConnection, query: LiteralString) -> list[Json]:
    cursor = await connection.cursor(row_factory=dict_row).execute(query)
    return await cursor.fetchall()


@pytest.fixture
async def study(researcher: SignedIn) -> AskedStudy:
    """A study with a baseline and a second wave after three months."""
    return await asked_study(researcher)


@pytest.fixture
async def member(people: People) -> SignedIn:
    """Someone who takes part."""
    return await people.member()


@pytest.fixture
async def code(study: AskedStudy, member: SignedIn) -> str:
    """Their pseudonym."""
    return await study.join(member)


def parts(answers: Json, instrument: str = "phq9") -> Json:
    return {"parts": [{"instrument": instrument, "wording_version": 1, "answers": answers}]}


async def test_a_helper_sees_what_is_open_for_a_code_and_nothing_of_who_they_are(
    study: AskedStudy, member: SignedIn, code: str, researcher: SignedIn
) -> None:
    with clock.at(later(hours=1)):
        await study.save(member, {"phq9_1": 2})
        typed = code.lower().replace("-", " ")
        found = await researcher.get(f"{study.path}/respondents/{typed}")
        assert found["pseudonym"] == code
        assert [(wave["title"], wave["standing"]) for wave in found["items"]] == [
            ("Baseline", "begun"),
            ("After 3 months", "upcoming"),
        ]
        questions = await researcher.get(f"{study.path}/respondents/{code}/1")
    assert [one["instrument"] for one in questions["questionnaires"]] == ["phq9", "services"]
    assert not {"answers", "answered"} & {*questions, *found["items"][0]}
    assert questions["done"] == []


async def test_what_a_helper_writes_down_is_marked_with_who_helped(
    study: AskedStudy,
    member: SignedIn,
    code: str,
    researcher: SignedIn,
    connection: AnyConnection,
) -> None:
    path = f"{study.path}/respondents/{code}/1"
    with clock.at(later(hours=1)):
        await study.save(member, {"phq9_1": 2})
        answers = {f"phq9_{number}": 1 for number in range(1, 9)} | {"phq9_9": None}
        await ask(researcher, "PUT", f"{path}/answers", parts(answers), status=204)
        none = parts({"services_used": [0]}, "services")
        assert (await researcher.get(path))["done"] == ["phq9"]
        await ask(researcher, "PUT", f"{path}/answers", none, status=204)
        assert (await researcher.get(path))["done"] == ["phq9", "services"]
        await ask(researcher, "PUT", f"{path}/completion", status=204)
        await ask(researcher, "PUT", f"{path}/completion", status=204)
        refused = await ask(researcher, "PUT", f"{path}/answers", none, status=409)
        assert refused["type"] == "response-done"
        assert (await study.read(member))["answers"] == answers | {"services_used": [0]}
    (row,) = await rows(connection, "SELECT mode, entered_by, done_at FROM research.responses")
    assert (row["mode"], row["entered_by"]) == ("assisted", researcher.account_id)
    assert row["done_at"] == later(hours=1)


async def test_a_code_that_cannot_be_or_is_of_another_study_is_refused_with_a_reason(
    study: AskedStudy, code: str, researcher: SignedIn, member: SignedIn
) -> None:
    other = await asked_study(researcher, title="Another")
    swapped = code[:3] + code[4] + code[3] + code[5:]
    wrong = swapped if swapped != code else code[:-1] + ("2" if code[-1] != "2" else "3")
    free = written_codes.draw("P")
    with clock.at(later(hours=1)):
        for typed, where, status, type_ in (
            (wrong, study, 422, "bad-pseudonym"),
            ("hello", study, 422, "bad-pseudonym"),
            (code, other, 404, "respondent-not-found"),
            (free, study, 404, "respondent-not-found"),
        ):
            path = f"{where.path}/respondents/{typed}"
            assert (await ask(researcher, "GET", path, status=status))["type"] == type_
            refused = await ask(
                researcher, "PUT", f"{path}/1/answers", parts({"phq9_1": 1}), status=status
            )
            assert refused["type"] == type_
        await ask(member, "POST", f"{study.path}/withdrawal", {"erase": True})
        gone = await ask(researcher, "GET", f"{study.path}/respondents/{code}", status=404)
        assert gone["type"] == "respondent-not-found"


async def test_nobody_is_helped_who_does_not_agree_or_before_it_opens(
    study: AskedStudy, people: People, code: str, researcher: SignedIn
) -> None:
    silent = await study.join(await people.member(), questionnaires=False)
    with clock.at(later(hours=1)):
        for who, wave, type_ in (
            (silent, 1, "questionnaires-not-agreed"),
            (code, 2, "wave-not-open"),
        ):
            path = f"{study.path}/respondents/{who}/{wave}/answers"
            assert (await ask(researcher, "PUT", path, parts({"phq9_1": 1}), status=409))[
                "type"
            ] == type_
        found = await researcher.get(f"{study.path}/respondents/{silent}")
        assert found["items"] == []
        assert await researcher.status(f"{study.path}/respondents/{silent}/1") == 404


async def test_only_researchers_help(
    study: AskedStudy, people: People, code: str, member: SignedIn
) -> None:
    checker = await people.member(roles=(Role.CHECKER,))
    for one in (member, checker):
        assert await one.status(f"{study.path}/respondents/{code}") == 403
