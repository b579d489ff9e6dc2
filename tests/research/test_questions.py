"""Asking inside: over HTTP, on exact rows, and back come tables that may be seen."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from fastapi import FastAPI

from app.core import clock
from app.core.db import AnyConnection, Database
from app.core.errors import BusyError
from app.core.ids import new_id
from app.identity.roles import Role
from app.research import exact_counts, question_fields
from app.research.demographics import AgeBand, Area, Demographics, PeerSupportBefore
from app.research.exact_counts import CountPlan
from app.research.models import Purpose, Study
from app.research.schedule import TWELVE_WEEKS
from tests.people import SignedIn, signed_in
from tests.research.community_events import happen_and_learn, published, reacted
from tests.research.factories import ONLY_ACTIVITY, START, join, later, opened, several, withdraw
from tests.research.over_http import ask

Json = dict[str, Any]
EVERYONE: Json = {"of": "taking_part"}


async def _table(
    researcher: SignedIn, study: Study, body: Json = EVERYONE, *, status: int = 200
) -> Json:
    return await ask(researcher, "POST", f"/studies/{study.id}/questions", body, status=status)


def _row(table: Json, value: str) -> list[int | None]:
    """The figures beside one value of the rows."""
    at = [option["value"] for option in table["rows"]["values"]].index(value)
    return [cell["value"] for cell in table["cells"][at]]


async def _living_in(
    database: Database, study: Study, areas: dict[Area | None, int]
) -> dict[Area | None, list[UUID]]:
    people: dict[Area | None, list[UUID]] = {}
    with clock.at(START):
        for area, number in areas.items():
            people[area] = [new_id() for _ in range(number)]
            for member in people[area]:
                await join(
                    database, study, member, ONLY_ACTIVITY, demographics=Demographics(area=area)
                )
    return people


async def _do(database: Database, acts: Sequence[Any], **when: float) -> None:
    with clock.at(later(**when)):
        await happen_and_learn(database, acts)


@pytest.mark.parametrize("number", [0, 1, 4, 5, 9])
async def test_a_question_about_fewer_than_ten_people_is_refused_as_a_whole(
    database: Database, researcher: SignedIn, connection: AnyConnection, number: int
) -> None:
    study = await opened(database)
    await several(database, study, number)
    problem = await _table(researcher, study, status=409)
    assert problem["type"] == "too-few-to-tell"
    assert "Fewer than 10 people" in problem["detail"]
    cursor = await connection.execute("SELECT outcome, answer FROM research.questions")
    assert await cursor.fetchall() == [{"outcome": "too_few", "answer": None}]


async def test_ten_people_are_enough(database: Database, researcher: SignedIn) -> None:
    study = await opened(database)
    await several(database, study, 10)
    table = await _table(researcher, study)
    assert table["cells"] == [[{"value": 10, "why": None, "of": None}]]
    assert (table["base"], table["redacted"], table["rows"], table["columns"]) == (
        10,
        0,
        None,
        None,
    )
    assert table["definition"] == question_fields.MEASURES["taking_part"].definition
    assert "held back" in table["rule"]


async def test_those_who_stopped_are_counted_and_those_who_were_erased_or_declined_are_not(
    database: Database, researcher: SignedIn
) -> None:
    study = await opened(database)
    members = await several(database, study, 15)
    await join(database, study, new_id(), {Purpose.TEXT: True})
    for member in members[:5]:
        await withdraw(database, study, member)
    for member in members[5:8]:
        await withdraw(database, study, member, erase=True)
    table = await _table(researcher, study)
    assert table["total"] == 10, "12 of them, and 16 would be 15"


async def test_an_area_of_three_is_held_back_like_one_without_anyone(
    database: Database, researcher: SignedIn
) -> None:
    study = await opened(database)
    await _living_in(database, study, {Area.WALES: 3, Area.LONDON: 11, Area.SCOTLAND: 23})
    table = await _table(researcher, study, {"of": "taking_part", "by": ["area"]})
    assert (_row(table, "wales"), _row(table, "scotland")) == ([None], [25])
    assert _row(table, "london") == [10]
    assert _row(table, "elsewhere") == [None], "that nobody is there is not told either"
    assert (table["total"], table["base"], table["redacted"]) == (35, 35, 12)
    less = await _table(
        researcher,
        study,
        {"of": "taking_part", "where": [{"field": "area", "value": "wales"}]},
        status=409,
    )
    assert less["type"] == "too-few-to-tell"


async def test_all_alike_is_said_to_be_so(database: Database, researcher: SignedIn) -> None:
    study = await opened(database)
    with clock.at(START):
        for _ in range(14):
            demographics = Demographics(AgeBand.FROM_25, Area.WALES, PeerSupportBefore.YES)
            await join(database, study, new_id(), ONLY_ACTIVITY, demographics=demographics)
    table = await _table(
        researcher, study, {"of": "taking_part", "by": ["peer_support_before", "area"]}
    )
    assert table["rows"]["field"] == "area", "the longer one is read downwards"
    assert _row(table, "wales") == [15, None, None, None]
    flags = [(flag["axis"], flag["index"], flag["kind"]) for flag in table["flags"]]
    assert flags == [("row", 11, "all_in_one"), ("column", 0, "all_in_one")]


async def test_people_are_counted_once_however_much_they_did(
    database: Database, researcher: SignedIn
) -> None:
    study = await opened(database)
    people = await _living_in(database, study, {Area.WALES: 12, Area.LONDON: 22, None: 14})
    members = [*people[Area.WALES], *people[Area.LONDON]]
    acts = [published(one) for one in members for _ in range(3)]
    await _do(database, [*acts, published(people[None][0])], days=1)
    table = await _table(researcher, study, {"of": "posted", "by": ["area"]})
    assert (_row(table, "wales"), _row(table, "london")) == ([10], [20])
    assert _row(table, "not_answered") == [None], "one of fourteen"
    groups = [cell["of"] for (cell,) in table["cells"] if cell["of"]]
    assert groups == [20, 10, 15]
    assert (table["total"], table["base"]) == (30, 45)


async def test_someone_who_is_in_two_periods_is_in_no_total(
    database: Database, researcher: SignedIn
) -> None:
    study = await opened(database)
    members = (await _living_in(database, study, {Area.WALES: 14}))[Area.WALES]
    for days in (1, 83, 84, 200):
        await _do(database, [published(one) for one in members], days=days)
    table = await _table(researcher, study, {"of": "active", "by": ["period"]})
    assert [cell["value"] for (cell,) in table["cells"]] == [15, 15, 15, None]
    labels = [option["label"] for option in table["rows"]["values"]]
    assert labels == ["weeks 1 to 12", "weeks 13 to 24", "weeks 25 to 36", "weeks 37 to 48"]
    assert (table["column_totals"], table["total"], table["base"]) == (None, None, 15)
    both = await _table(researcher, study, {"of": "active", "by": ["period", "area"]})
    assert both["columns"]["field"] == "period"
    assert _row(both, "wales") == [15, 15, 15, None]
    assert both["column_totals"] == [15, 15, 15, None]
    acts = await _table(researcher, study, {"of": "active", "count": "acts", "by": ["period"]})
    assert [cell["value"] for (cell,) in acts["cells"]] == [30, None, 15, None]
    assert (acts["total"], acts["base"]) == (45, 15)


async def test_a_period_is_of_those_who_were_there_in_it(
    database: Database, researcher: SignedIn
) -> None:
    study = await opened(database)
    members = (await _living_in(database, study, {Area.WALES: 30}))[Area.WALES]
    await _do(database, [published(one) for one in members[:20]], days=90)
    with clock.at(later(days=100)):
        for member in members[20:]:
            await withdraw(database, study, member)
    everyone = await _table(researcher, study, {"of": "taking_part", "by": ["period"]})
    assert [cell["value"] for (cell,) in everyone["cells"]] == [30, 30, 20, 20]
    assert (everyone["base"], everyone["total"]) == (30, None)
    posted = await _table(researcher, study, {"of": "posted", "by": ["period"]})
    shown = [(cell["value"], cell["of"]) for (cell,) in posted["cells"]]
    assert shown == [(None, 30), (20, 30), (None, 20), (None, 20)]


async def test_who_is_held_back_beside_another_is_not_given_back_as_a_denominator(
    database: Database, researcher: SignedIn
) -> None:
    study = await opened(database)
    members = []
    answers = {PeerSupportBefore.YES: 1, PeerSupportBefore.NO: 9, None: 16}
    with clock.at(START):
        for answer, number in answers.items():
            for n in range(number):
                said = PeerSupportBefore.NOT_SURE if answer is None and n % 2 else answer
                members.append(new_id())
                demographics = Demographics(peer_support_before=said)
                await join(database, study, members[-1], ONLY_ACTIVITY, demographics=demographics)
    await _do(database, [published(one) for one in members[1:]], days=1)
    table = await _table(researcher, study, {"of": "posted", "by": ["peer_support_before"]})
    assert [cell["value"] for (cell,) in table["cells"]] == [None, 10, None, 10]
    assert [cell["of"] for (cell,) in table["cells"]] == [None, 10, None, 10]
    assert (table["total"], table["base"]) == (20, 20)


async def test_one_person_with_half_of_all_acts_hides_the_sum(
    database: Database, researcher: SignedIn
) -> None:
    study = await opened(database)
    members = (await _living_in(database, study, {Area.WALES: 12}))[Area.WALES]
    await _do(database, [published(one) for one in members], days=1)
    body: Json = {"of": "posted", "count": "acts"}
    with clock.at(clock.now() - timedelta(days=28)):
        assert (await _table(researcher, study, body))["cells"][0][0]["value"] == 10
    await _do(database, [published(members[0]) for _ in range(10)], days=2)
    table = await _table(researcher, study, body)
    assert table["cells"] == [[{"value": None, "why": "unsafe", "of": 10}]]
    assert "no one did half of them" in table["rule"]


async def test_filters_of_acts_are_met_by_one_and_the_same_act(
    database: Database, researcher: SignedIn
) -> None:
    study = await opened(database)
    members = (await _living_in(database, study, {Area.WALES: 20}))[Area.WALES]
    for one, other in zip(members, members[1:] + members[:1], strict=True):
        await _do(database, [published(one, to=other)], days=1)
    await _do(database, [reacted(one, members[-1]) for one in members[:9]], days=1)
    where = [{"field": "reaction", "value": "i_hear_you"}]
    table = await _table(researcher, study, {"of": "gave", "where": where})
    assert table["cells"] == [[{"value": 10, "why": None, "of": 20}]]
    table = await _table(researcher, study, {"of": "replied", "where": where})
    assert table["cells"] == [[{"value": None, "why": "few", "of": 20}]]
    table = await _table(researcher, study, {"of": "taking_part", "by": ["kind", "has_note"]})
    assert _row(table, "replied") == [None, 20]


async def test_active_days_are_days_on_which_someone_did_something(
    database: Database, researcher: SignedIn
) -> None:
    study = await opened(database)
    members = (await _living_in(database, study, {Area.WALES: 13}))[Area.WALES]
    for days in range(1, 8):
        await _do(database, [published(one) for one in members for _ in range(2)], days=days)
    body = {"of": "active_on_8_days"}
    with clock.at(clock.now() - timedelta(days=28)):
        assert (await _table(researcher, study, body))["cells"][0][0]["value"] is None
    await _do(database, [published(one) for one in members], days=9)
    assert (await _table(researcher, study, body))["cells"][0][0]["value"] == 15


async def test_the_same_question_gives_the_same_table_for_four_weeks(
    database: Database, researcher: SignedIn, connection: AnyConnection
) -> None:
    """Else whoever asks every day sees the figure change when the thirteenth person comes."""
    study = await opened(database)
    await _living_in(database, study, {None: 12})
    wales = {"field": "area", "value": "not_answered"}
    tenure = {"field": "tenure_band", "value": "6_to_23_months"}
    body = {"of": "taking_part", "where": [wales, tenure]}
    today = clock.now()
    with clock.at(today - timedelta(days=28)):
        first = await _table(researcher, study, body)
    await several(database, study, 10)
    with clock.at(today - timedelta(days=1)):
        turned = {"of": "taking_part", "where": [tenure, wales]}
        assert await _table(researcher, study, turned) == first
    assert (await _table(researcher, study, body))["total"] == 20
    cursor = await connection.execute("SELECT count(*) AS n FROM research.questions")
    assert await cursor.fetchall() == [{"n": 3}]


async def test_a_table_told_before_an_erasure_is_not_told_again(
    database: Database, researcher: SignedIn
) -> None:
    study = await opened(database)
    members = (await _living_in(database, study, {None: 13}))[None]
    today = clock.now()
    with clock.at(today - timedelta(days=2)):
        assert (await _table(researcher, study, {"of": "taking_part"}))["total"] == 15
    with clock.at(today - timedelta(days=1)):
        await withdraw(database, study, members[0], erase=True)
    assert (await _table(researcher, study, {"of": "taking_part"}))["total"] == 10


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
    problem = await _table(researcher, study, body, status=422)
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
    await _table(researcher, study)
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
