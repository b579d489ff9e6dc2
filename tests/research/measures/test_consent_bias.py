"""Consent bias: participants beside all members, and who agreed to what."""

from collections.abc import Sequence

import polars as pl
import pytest

from app.research.codebook import code_of
from app.research.measures.consent_bias import compute
from app.research.measures.dataset_frames import Frames
from app.research.special_codes import NOT_APPLICABLE, WITHHELD
from tests.research.measures.outcome_frames import (
    cells,
    estimate,
    frames,
    options,
    person,
    share,
    told,
)

#: Who, on which day, what, and with whom.
Act = tuple[int, int, str, str | None]

_COMMUNITY = pl.DataFrame(
    {
        "period": [1, 2, 3],
        "members": [200, 300, 5],
        "writers": [100, 100, 0],
        "repliers": [WITHHELD, 60, 0],
        "reactors": [WITHHELD, WITHHELD, 5],
    }
)


def _acts(acts: Sequence[Act]) -> pl.DataFrame:
    sides = code_of("other_side")
    rows = [
        (person(who), day, code_of("kind")[kind], NOT_APPLICABLE if side is None else sides[side])
        for who, day, kind, side in acts
    ]
    schema = {
        "participant": pl.String,
        "day": pl.Int64,
        "kind": pl.Int64,
        "other_side": pl.Int64,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _study(
    last_days: Sequence[int], acts: Sequence[Act], community: pl.DataFrame = _COMMUNITY
) -> Frames:
    people = pl.DataFrame(
        {
            "participant": [person(place) for place in range(len(last_days))],
            "last_day": list(last_days),
        },
        schema={"participant": pl.String, "last_day": pl.Int64},
    )
    return frames(options(waves=()), people=people, acts=_acts(acts), community=community)


#: Twenty who agreed all along, one of one day less.
_TWENTY = [83] * 20 + [82]
_WROTE: list[Act] = [(place, 83, "published", None) for place in range(12)]


def test_shares_are_of_their_first_twelve_weeks_and_of_periods_that_are_over() -> None:
    """Twelve of twenty wrote, told as 10 of 20; members: 200 of 500; the last period is not."""
    acts: list[Act] = [
        *_WROTE,
        (0, 2, "published", None),
        (13, 84, "published", None),
        (20, 1, "published", None),
    ]
    parts = compute(_study(_TWENTY, acts))
    assert share(parts, "writers") == (12, 20)
    members = estimate(parts, "writers_members")
    assert (members.value, members.persons) == (0.4, 300)
    apart = estimate(parts, "writers_difference")
    assert (apart.value, apart.persons) == pytest.approx((0.5 - 0.4, 20))


def test_replies_to_oneself_and_reactions_are_no_replies_to_others() -> None:
    acts: list[Act] = [
        (0, 1, "replied", "self"),
        (1, 1, "replied", "member"),
        (2, 1, "replied", "staff"),
        (3, 1, "reacted", "participant"),
        (4, 1, "received", "member"),
    ]
    parts = compute(_study(_TWENTY, acts))
    assert share(parts, "repliers") == (2, 20)
    assert share(parts, "reactors") == (1, 20)
    assert estimate(parts, "repliers_members").value == 60 / 300


def test_nothing_is_told_where_either_side_is_too_few() -> None:
    parts = compute(_study(_TWENTY, [(1, 1, "replied", "member")]))
    why = "too few members, or no 12 weeks are over"
    assert estimate(parts, "reactors_members").why == why
    for name, words in (("reactors", why), ("repliers", "too few participants to tell it")):
        apart = estimate(parts, f"{name}_difference")
        assert (apart.value, apart.why) == (None, words)


@pytest.mark.parametrize("people", [0, 1, 4, 5])
def test_few_participants_have_no_difference(people: int) -> None:
    parts = compute(_study([90] * people, []))
    assert share(parts, "writers") == (0, people)
    apart = estimate(parts, "writers_difference")
    assert (apart.value, apart.why) == (None, "too few participants to tell it")


def test_what_people_agreed_to_is_told_of_a_study_that_asks_questions() -> None:
    study = _study([90, 90, NOT_APPLICABLE, NOT_APPLICABLE, 0], [])
    asked = told({1: [{}] * 6}).filter(pl.col("participant").is_in(["p0", "p2", "p5"]))
    files = {name: study[name] for name in ("people", "acts", "community")}
    parts = compute(frames(options("phq9"), responses=asked, **files))
    assert cells(parts, "consents") == {
        ("yes", "yes"): 1,
        ("yes", "no"): 2,
        ("no", "yes"): 2,
        ("no", "no"): 1,
    }
