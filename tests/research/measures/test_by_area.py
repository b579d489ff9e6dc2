"""By area: counts of who was reached there, and how the same people changed."""

import polars as pl

from app.research.measures import by_area
from app.research.measures.results import Estimate, PeopleTable
from app.research.special_codes import NOT_ANSWERED
from tests.research.measures.finding import cells
from tests.research.measures.outcome_frames import (
    by_name,
    doses,
    estimate,
    frames,
    of_score,
    options,
    person,
)

#: Three of London (the last of whom agreed to questionnaires alone), two of the North East, one who
#: named none.
_LONDON, _NORTH_EAST = 3, 4
_AREAS = [_LONDON, _LONDON, _LONDON, _NORTH_EAST, _NORTH_EAST, NOT_ANSWERED]
_PEOPLE = pl.DataFrame(
    {
        "participant": [person(place) for place in range(len(_AREAS))],
        "area": _AREAS,
        "last_day": [83, 83, -7, 83, 83, 83],
        **dict.fromkeys(("age_band", "tenure_band", "peer_support_before"), NOT_ANSWERED),
    }
)
_DOSES = doses(
    {
        1: [
            {"receiving": 2, "meetings": 1},
            {"receiving": 0},
            None,
            {"receiving": 1},
            {"meetings": 3},
            None,
        ]
    }
)
_SCORES = of_score(
    "phq9_total",
    {1: [10.0, 12.0, 14.0, 20.0, 9.0, 8.0], 2: [4.0, 14.0, 13.0, "declined", 6.0, "open"]},
)


def test_people_are_counted_by_the_area_that_they_named() -> None:
    parts = by_area.compute(frames(options(), people=_PEOPLE, doses=_DOSES))
    assert [part.name for part in parts] == ["agreed", "received", "came"]
    assert cells(parts, "agreed") == {
        ("london", "yes"): 2,
        ("north_east", "yes"): 2,
        ("not_answered", "yes"): 1,
    }
    assert cells(parts, "received") == {
        ("london", "yes"): 1,
        ("london", "no"): 1,
        ("north_east", "yes"): 1,
        ("north_east", "no"): 1,
        ("not_answered", "no"): 1,
    }
    assert cells(parts, "came") == {
        ("london", "yes"): 1,
        ("london", "no"): 1,
        ("north_east", "yes"): 1,
        ("north_east", "no"): 1,
        ("not_answered", "no"): 1,
    }


def test_change_is_of_the_same_people_of_an_area() -> None:
    """Who agreed to no record of what they do has no area here."""
    parts = by_area.compute(frames(options("phq9"), people=_PEOPLE, **_SCORES))
    assert cells(parts, "phq9_total_2_both") == {
        ("london", "yes"): 2,
        ("north_east", "yes"): 1,
        ("north_east", "no"): 1,
        ("not_answered", "yes"): 1,
    }
    assert estimate(parts, "phq9_total_2_london").value == -2
    assert estimate(parts, "phq9_total_2_london").persons == 2
    assert estimate(parts, "phq9_total_2_north_east").value == -3
    assert estimate(parts, "phq9_total_2_south_west").value is None


def test_without_doses_or_scores_people_alone_are_told() -> None:
    parts = by_area.compute(frames(options(), people=_PEOPLE))
    assert [part.name for part in parts] == ["agreed"]


def test_every_area_has_a_row_and_a_change_whoever_is_in_it() -> None:
    parts = by_name(by_area.compute(frames(options("phq9"), people=_PEOPLE, **_SCORES)))
    table = parts["agreed"]
    assert isinstance(table, PeopleTable)
    for area, _ in table.rows.places:
        assert isinstance(parts[f"phq9_total_2_{area}"], Estimate)
