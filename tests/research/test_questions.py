"""Asking inside, over HTTP: who asks, what can be asked, and for how long an answer stands."""

from datetime import timedelta

import psycopg
import pytest
from fastapi import FastAPI

from app.core import clock
from app.core.db import AnyConnection, Database
from app.core.errors import BusyError
from app.core.ids import new_id
from app.identity.roles import Role
from app.research import exact_counts, question_fields
from app.research.exact_counts import CountPlan
from app.research.schedule import TWELVE_WEEKS
from tests.people import SignedIn, signed_in
from tests.research.asked_questions import EVERYONE, counted, living_in
from tests.research.factories import opened, several, withdraw
from tests.research.over_http import Json, ask


async def test_the_same_question_gives_the_same_table_for_four_weeks(
    database: Database, researcher: SignedIn, connection: AnyConnection
) -> None:
    """Else whoever asks every day sees the figure change when the thirteenth person comes."""
    study = await opened(database)
    await living_in(database, study, {None: 12})
    wales = {"field": "area", "value": "not_answered"}
    tenure = {"field": "tenure_band", "value": "6_to_23_months"}
    body = {"of": "taking_part", "where": [wales, tenure]}
    today = clock.now()
    with clock.at(today - timedelta(days=28)):
        first = await counted(researcher, study, body)
    await several(database, study, 10)
    with clock.at(today - timedelta(days=1)):
        turned = {"of": "taking_part", "where": [tenure, wales]}
        assert await counted(researcher, study, turned) == first
    assert (await counted(researcher, study, body))["total"] == 20
    cursor = await connection.execute("SELECT count(*) AS n FROM research.questions")
    assert await cursor.fetchall() == [{"n": 3}]


async def test_a_table_told_before_an_erasure_is_not_told_again(
    database: Database, researcher: SignedIn
) -> None:
    study = await opened(database)
    members = (await living_in(database, study, {None: 13}))[None]
    today = clock.now()
    with clock.at(today - timedelta(days=2)):
        assert (await counted(researcher, study, {"of": "taking_part"}))["total"] == 15
    with clock.at(today - timedelta(days=1)):
        await withdraw(database, study, members[0], erase=True)
    assert (await counted(researcher, study, {"of": "taking_part"}))["total"] == 10


@pytest.mark.parametrize(
    ("body", "pointer", "words"),
    [
        ({"of": "suffered"}, "/of", "There are: taking_part, posted"),
        ({"of": "posted", "by": ["counterpart_id"]}, "/by", "There are: tenure_band"),
        ({"of": "posted", "by": ["p.id; --"]}, "/by", "There are: tenure_band"),
        ({"of": "posted", "by": ["area", "area"]}, "/by", "at most 2 different fields"),
        ({"of": "posted", "by": ["area", "kind", "period"]}, "/by", "at most 2 different fields"),
        ({"of": "taking_part", "count": "acts"}, "/count", "Acts are counted of: posted"),
        ({"of": "posted", "where": [{"field": "x", "value": "y"}]}, "/where", "There are:"),
        ({"of": "posted", "where": [{"field": "area", "value": "Leeds"}]}, "/where", "It has: "),
        ({"of": "posted", "where": [{"field": "period", "value": "1"}]}, "/where", "not filter it"),
        (
            {"of": "posted", "where": [{"field": "area", "value": "wales"}] * 2},
            "/where", "at most 3 different fields",
        ),
    ],
)  # fmt: skip
async def test_what_cannot_be_asked_is_refused_with_what_can(
    database: Database, researcher: SignedIn, body: Json, pointer: str, words: str
) -> None:
    study = await opened(database)
    problem = await counted(researcher, study, body, status=422)
    assert problem["type"] == "not-askable"
    assert words in problem["detail"]
    assert problem["errors"][0]["pointer"] == pointer


async def test_a_study_that_is_not_there_is_not_found(
    database: Database, researcher: SignedIn
) -> None:
    nowhere = f"/studies/{new_id()}/questions"
    await ask(researcher, "GET", f"{nowhere}/fields", status=404)
    await ask(researcher, "POST", nowhere, EVERYONE, status=404)


async def test_what_can_be_asked_is_told_in_words(database: Database, researcher: SignedIn) -> None:
    study = await opened(database)
    found = await ask(researcher, "GET", f"/studies/{study.id}/questions/fields")
    assert [one["name"] for one in found["measures"]] == list(question_fields.MEASURES)
    assert all(one["definition"].endswith(".") for one in found["measures"])
    by_name = {one["name"]: one for one in found["fields"]}
    assert {"value": "east_of_england", "label": "East of England"} in by_name["area"]["values"]
    assert by_name["period"]["values"] == []
    assert not {"occurred_at", "counterpart_id", "seconds"} & by_name.keys()


@pytest.mark.parametrize(
    ("roles", "has_second_factor", "problem"),
    [
        ((), True, "forbidden"),
        ((Role.CHECKER,), True, "forbidden"),
        ((Role.RESEARCHER,), False, "second-factor-required"),
    ],
)
async def test_only_researchers_with_a_second_factor_ask(
    app: FastAPI,
    database: Database,
    connection: AnyConnection,
    roles: tuple[Role, ...],
    has_second_factor: bool,
    problem: str,
) -> None:
    study = await opened(database)
    browser = await signed_in(app, roles=roles)
    if not has_second_factor:
        await connection.execute("UPDATE identity.sessions SET second_factor_passed_at = NULL")
    async with browser.client:
        path = f"/studies/{study.id}/questions"
        assert (await ask(browser, "GET", f"{path}/fields", status=403))["type"] == problem
        assert (await ask(browser, "POST", path, EVERYONE, status=403))["type"] == problem


async def test_the_ledger_only_grows_and_the_research_role_cannot_read_it(
    database: Database, researcher: SignedIn, connection: AnyConnection
) -> None:
    study = await opened(database)
    await several(database, study, 10)
    await counted(researcher, study)
    cursor = await connection.execute("SELECT asked_by, question FROM research.questions")
    (row,) = await cursor.fetchall()
    assert row["asked_by"] == researcher.account_id
    assert row["question"] == {"of": "taking_part", "count": "people", "by": [], "where": []}
    for sql in (
        "UPDATE research.questions SET asked_on = '2020-01-01'",
        "DELETE FROM research.questions",
        "TRUNCATE research.questions",
    ):
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
            await connection.execute(sql)
    await connection.execute("SET ROLE alongside_research")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        await connection.execute("SELECT FROM research.questions")


async def test_a_question_that_takes_too_long_ends_in_words(database: Database) -> None:
    study = await opened(database)
    plan = CountPlan(
        study.id, clock.now().date(), TWELVE_WEEKS, question_fields.MEASURES["posted"], (), ()
    )
    blocker = await psycopg.AsyncConnection.connect(database.settings.owner)
    async with blocker:
        await blocker.execute("LOCK TABLE research.activities")
        with pytest.raises(BusyError, match="ask for less at once") as refused:
            await exact_counts.count(database.research, plan, timeout_seconds=0.2)
    assert "took too long" in refused.value.title
