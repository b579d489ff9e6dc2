"""What a table tells: of enough people, each counted once, and nobody given away."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from app.core import clock
from app.core.db import AnyConnection, Database
from app.core.ids import new_id
from app.research import question_fields
from app.research.demographics import AgeBand, Area, Demographics, PeerSupportBefore
from app.research.models import Purpose
from tests.people import SignedIn
from tests.research.asked_questions import counted, living_in
from tests.research.community_events import happen_and_learn, published, reacted
from tests.research.factories import ONLY_ACTIVITY, START, join, later, opened, several, withdraw
from tests.research.over_http import Json


def _row(table: Json, value: str) -> list[int | None]:
    """The figures beside one value of the rows."""
    at = [option["value"] for option in table["rows"]["values"]].index(value)
    return [cell["value"] for cell in table["cells"][at]]


async def _do(database: Database, acts: Sequence[Any], **when: float) -> None:
    with clock.at(later(**when)):
        await happen_and_learn(database, acts)


@pytest.mark.parametrize("number", [0, 1, 4, 5, 9])
async def test_a_question_about_fewer_than_ten_people_is_refused_as_a_whole(
    database: Database, researcher: SignedIn, connection: AnyConnection, number: int
) -> None:
    study = await opened(database)
    await several(database, study, number)
    problem = await counted(researcher, study, status=409)
    assert problem["type"] == "too-few-to-tell"
    assert "Fewer than 10 people" in problem["detail"]
    cursor = await connection.execute("SELECT outcome, answer FROM research.questions")
    assert await cursor.fetchall() == [{"outcome": "too_few", "answer": None}]


async def test_ten_people_are_enough(database: Database, researcher: SignedIn) -> None:
    study = await opened(database)
    await several(database, study, 10)
    table = await counted(researcher, study)
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
    table = await counted(researcher, study)
    assert table["total"] == 10, "12 of them, and 16 would be 15"


async def test_an_area_of_three_is_held_back_like_one_without_anyone(
    database: Database, researcher: SignedIn
) -> None:
    study = await opened(database)
    await living_in(database, study, {Area.WALES: 3, Area.LONDON: 11, Area.SCOTLAND: 23})
    table = await counted(researcher, study, {"of": "taking_part", "by": ["area"]})
    assert (_row(table, "wales"), _row(table, "scotland")) == ([None], [25])
    assert _row(table, "london") == [10]
    assert _row(table, "elsewhere") == [None], "that nobody is there is not told either"
    assert (table["total"], table["base"], table["redacted"]) == (35, 35, 12)
    less = await counted(
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
    table = await counted(
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
    people = await living_in(database, study, {Area.WALES: 12, Area.LONDON: 22, None: 14})
    members = [*people[Area.WALES], *people[Area.LONDON]]
    acts = [published(one) for one in members for _ in range(3)]
    await _do(database, [*acts, published(people[None][0])], days=1)
    table = await counted(researcher, study, {"of": "posted", "by": ["area"]})
    assert (_row(table, "wales"), _row(table, "london")) == ([10], [20])
    assert _row(table, "not_answered") == [None], "one of fourteen"
    groups = [cell["of"] for (cell,) in table["cells"] if cell["of"]]
    assert groups == [20, 10, 15]
    assert (table["total"], table["base"]) == (30, 45)


async def test_someone_who_is_in_two_periods_is_in_no_total(
    database: Database, researcher: SignedIn
) -> None:
    study = await opened(database)
    members = (await living_in(database, study, {Area.WALES: 14}))[Area.WALES]
    for days in (1, 83, 84, 200):
        await _do(database, [published(one) for one in members], days=days)
    table = await counted(researcher, study, {"of": "active", "by": ["period"]})
    assert [cell["value"] for (cell,) in table["cells"]] == [15, 15, 15, None]
    labels = [option["label"] for option in table["rows"]["values"]]
    assert labels == ["weeks 1 to 12", "weeks 13 to 24", "weeks 25 to 36", "weeks 37 to 48"]
    assert (table["column_totals"], table["total"], table["base"]) == (None, None, 15)
    both = await counted(researcher, study, {"of": "active", "by": ["period", "area"]})
    assert both["columns"]["field"] == "period"
    assert _row(both, "wales") == [15, 15, 15, None]
    assert both["column_totals"] == [15, 15, 15, None]
    acts = await counted(researcher, study, {"of": "active", "count": "acts", "by": ["period"]})
    assert [cell["value"] for (cell,) in acts["cells"]] == [30, None, 15, None]
    assert (acts["total"], acts["base"]) == (45, 15)


async def test_a_period_is_of_those_who_were_there_in_it(
    database: Database, researcher: SignedIn
) -> None:
    study = await opened(database)
    members = (await living_in(database, study, {Area.WALES: 30}))[Area.WALES]
    await _do(database, [published(one) for one in members[:20]], days=90)
    with clock.at(later(days=100)):
        for member in members[20:]:
            await withdraw(database, study, member)
    everyone = await counted(researcher, study, {"of": "taking_part", "by": ["period"]})
    assert [cell["value"] for (cell,) in everyone["cells"]] == [30, 30, 20, 20]
    assert (everyone["base"], everyone["total"]) == (30, None)
    posted = await counted(researcher, study, {"of": "posted", "by": ["period"]})
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
    table = await counted(researcher, study, {"of": "posted", "by": ["peer_support_before"]})
    assert [cell["value"] for (cell,) in table["cells"]] == [None, 10, None, 10]
    assert [cell["of"] for (cell,) in table["cells"]] == [None, 10, None, 10]
    assert (table["total"], table["base"]) == (20, 20)


async def test_one_person_with_half_of_all_acts_hides_the_sum(
    database: Database, researcher: SignedIn
) -> None:
    study = await opened(database)
    members = (await living_in(database, study, {Area.WALES: 12}))[Area.WALES]
    await _do(database, [published(one) for one in members], days=1)
    body: Json = {"of": "posted", "count": "acts"}
    with clock.at(clock.now() - timedelta(days=28)):
        assert (await counted(researcher, study, body))["cells"][0][0]["value"] == 10
    await _do(database, [published(members[0]) for _ in range(10)], days=2)
    table = await counted(researcher, study, body)
    assert table["cells"] == [[{"value": None, "why": "unsafe", "of": 10}]]
    assert "no one did half of them" in table["rule"]


async def test_filters_of_acts_are_met_by_one_and_the_same_act(
    database: Database, researcher: SignedIn
) -> None:
    study = await opened(database)
    members = (await living_in(database, study, {Area.WALES: 20}))[Area.WALES]
    for one, other in zip(members, members[1:] + members[:1], strict=True):
        await _do(database, [published(one, to=other)], days=1)
    await _do(database, [reacted(one, members[-1]) for one in members[:9]], days=1)
    where = [{"field": "reaction", "value": "i_hear_you"}]
    table = await counted(researcher, study, {"of": "gave", "where": where})
    assert table["cells"] == [[{"value": 10, "why": None, "of": 20}]]
    table = await counted(researcher, study, {"of": "replied", "where": where})
    assert table["cells"] == [[{"value": None, "why": "few", "of": 20}]]
    table = await counted(researcher, study, {"of": "taking_part", "by": ["kind", "has_note"]})
    assert _row(table, "replied") == [None, 20]


async def test_active_days_are_days_on_which_someone_did_something(
    database: Database, researcher: SignedIn
) -> None:
    study = await opened(database)
    members = (await living_in(database, study, {Area.WALES: 13}))[Area.WALES]
    for days in range(1, 8):
        await _do(database, [published(one) for one in members for _ in range(2)], days=days)
    body = {"of": "active_on_8_days"}
    with clock.at(clock.now() - timedelta(days=28)):
        assert (await counted(researcher, study, body))["cells"][0][0]["value"] is None
    await _do(database, [published(one) for one in members], days=9)
    assert (await counted(researcher, study, body))["cells"][0][0]["value"] == 15
