"""Outcome on dose: what was planted in exact rows is found again, by people and by groups."""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
import pytest

from app.research.instruments import wording_access
from app.research.measures.dataset_frames import Frames
from app.research.measures.outcome_on_dose import compute, rows
from app.research.measures.results import MeasurePart
from tests.research.measures.outcome_frames import (
    Told,
    doses,
    estimate,
    frames,
    of_score,
    options,
    person,
    share,
)

_WAVES = (0, 84, 168)
_DOSES = ("giving", "receiving", "active_days", "meetings")
_PHQ9 = options("phq9", waves=_WAVES)


def planted(people: int, seed: int, effect: float = -0.8) -> Frames:
    """People in groups of ten, whose score falls by so much for each doubling of what they give."""
    draw = np.random.default_rng(seed)
    first = draw.normal(13, 4, people)
    own, of_group = draw.normal(0, 1, people), draw.normal(0, 0.7, people // 10 + 1)
    did: dict[int, list[Mapping[str, int] | None]] = {1: [], 2: []}
    told: dict[int, list[Told]] = {1: first.tolist(), 2: [], 3: []}
    for period in (1, 2):
        for place in range(people):
            counts = {name: int(draw.negative_binomial(1, 0.1)) for name in _DOSES}
            did[period].append({**counts, "group_cluster": place // 10})
            score = 3 + 0.8 * first[place] + own[place] + of_group[place // 10]
            score += effect * np.log2(1 + counts["giving"]) + draw.normal()
            told[period + 1].append(float(max(score, 0)))
    return frames(_PHQ9, doses=doses(did), **of_score("phq9_total", told))


def test_a_planted_effect_lies_in_its_interval_and_others_do_not_stand_out() -> None:
    parts = compute(planted(300, 1))
    told = estimate(parts, "phq9_total_giving")
    assert told.value == pytest.approx(-0.8, abs=0.15)
    assert told.low is not None
    assert told.high is not None
    assert told.low < -0.8 < told.high < 0
    assert told.high - told.low < 0.25
    for name in (*_DOSES[1:], "time"):
        other = estimate(parts, f"phq9_total_{name}")
        assert other.low is not None
        assert other.high is not None
        assert other.low - 0.1 < 0 < other.high + 0.1
    assert share(parts, "phq9_total_people") == (300, 300)
    assert estimate(parts, "phq9_total_missing").value == 0


def test_the_interval_covers_what_was_planted_about_as_often_as_it_says() -> None:
    """Of 40 studies 95 % is 38; fewer than 33 would happen once in a thousand times."""
    covered = 0
    for seed in range(40):
        told = estimate(compute(planted(60, 100 + seed)), "phq9_total_giving")
        assert told.low is not None
        assert told.high is not None
        covered += told.low < -0.8 < told.high
    assert covered >= 33


def test_rows_have_the_score_that_ends_a_period_and_the_doses_within_it() -> None:
    in_four, in_two = {"group_cluster": 4}, {"group_cluster": 2}
    did = doses(
        {
            1: [{"giving": 3, **in_four}, {"giving": -2, "days_observable": 56, **in_four}, {}],
            2: [{"giving": 7, **in_two}, {"days_observable": 55, **in_two}, None],
            3: [in_four, None, {}],
        }
    )
    told = of_score("phq9_total", {1: [9, 8, 7], 2: [5, 6, 7], 3: [4, 3, 2]})
    found = rows(frames(_PHQ9, doses=did, **told), wording_access.find("phq9").scores[0])
    assert found.select("participant", "period", "outcome", "first", "group", "giving").rows() == [
        ("p0", 1, 5, 9, "4", 2),
        ("p0", 2, 4, 9, "4", 3),
        ("p1", 1, 6, 8, "2", 0),
        ("p2", 1, 7, 7, "p2", 0),
    ]


def test_what_is_missing_is_told_first() -> None:
    """Of four whose later waves are over, two are in the model, with three of seven waves."""
    did = doses({1: [{}, {}, {}, None], 2: [{}, {}, {}, {}]})
    told = of_score(
        "phq9_total",
        {1: [9, 8, None, 5], 2: [5, 6, 7, 4], 3: [4, "silent", 7, "open"]},
    )
    parts = compute(frames(_PHQ9, doses=did, **told))
    assert [part.name for part in parts[:2]] == ["phq9_total_people", "phq9_total_missing"]
    assert share(parts, "phq9_total_people") == (2, 4)
    missing = estimate(parts, "phq9_total_missing")
    assert (missing.value, missing.persons) == pytest.approx((4 / 7, 4))


def _reasons(parts: Sequence[MeasurePart]) -> set[str]:
    told = [estimate(parts, f"phq9_total_{name}") for name in (*_DOSES, "time")]
    assert all(one.value is None and one.low is None for one in told)
    return {one.why for one in told}


@pytest.mark.parametrize("people", [0, 1, 4])
def test_too_few_people_have_no_model(people: int) -> None:
    draw = np.random.default_rng(1)
    did = {
        period: [{name: int(draw.integers(0, 9)) for name in _DOSES} for _ in range(people)]
        for period in (1, 2)
    }
    told: dict[int, list[Told]] = {
        wave: [float(draw.integers(0, 27)) for _ in range(people)] for wave in (1, 2, 3)
    }
    parts = compute(frames(_PHQ9, doses=doses(did), **of_score("phq9_total", told)))
    assert _reasons(parts) == {"there are too few people for the model"}
    assert estimate(parts, "phq9_total_missing").value == (0 if people else None)


def test_a_model_that_does_not_converge_says_so_and_tells_no_figure() -> None:
    """Everybody stays at their own score, whatever they do: nothing is left for chance."""
    study = planted(40, 3)
    own = {person(place): float(place % 13) + (place * 7 % 5) / 3 for place in range(40)}
    scores = study["scores"].with_columns(
        pl.when(pl.col("wave") > 1)
        .then(pl.col("participant").replace_strict(own))
        .otherwise(pl.col("phq9_total"))
        .alias("phq9_total")
    )
    still = frames(_PHQ9, doses=study["doses"], responses=study["responses"], scores=scores)
    assert _reasons(compute(still)) == {"the model did not converge"}


def test_a_dose_that_was_the_same_for_everybody_is_left_out_and_the_others_told() -> None:
    study = planted(60, 4)
    given = study["doses"].with_columns(pl.lit(0).alias("meetings"))
    same = frames(_PHQ9, doses=given, responses=study["responses"], scores=study["scores"])
    parts = compute(same)
    none = estimate(parts, "phq9_total_meetings")
    assert (none.value, none.why) == (None, "it was the same for everybody")
    assert estimate(parts, "phq9_total_giving").value == pytest.approx(-0.8, abs=0.3)


def test_people_who_all_tell_the_same_have_no_model() -> None:
    same = of_score("phq9_total", {wave: [7.0] * 20 for wave in (1, 2, 3)})
    parts = compute(frames(_PHQ9, doses=planted(20, 5)["doses"], **same))
    assert _reasons(parts) == {"there is no difference that chance could explain"}


def test_people_who_did_the_same_and_began_alike_leave_no_column_and_each_dose_says_so() -> None:
    """One period alone: there is no time either."""
    did = doses({1: [{}] * 20})
    told = of_score("phq9_total", {1: [7.0] * 20, 2: [float(n % 5) for n in range(20)]})
    parts = compute(frames(options("phq9", waves=(0, 84)), doses=did, **told))
    assert _reasons(parts) == {"it was the same for everybody"}


def test_doses_that_can_not_be_told_apart_have_no_model() -> None:
    study = planted(40, 6)
    alike = study["doses"].with_columns(pl.col("giving").alias("receiving"))
    parts = compute(
        frames(_PHQ9, doses=alike, responses=study["responses"], scores=study["scores"])
    )
    assert _reasons(parts) == {"what was given and received can't be told apart"}


def test_a_study_whose_periods_do_not_lie_between_waves_has_none() -> None:
    assert compute(frames(options("phq9", waves=()))) == ()
    assert compute(frames(options(waves=_WAVES))) == ()
    told = of_score("services_cost", {1: [5.0], 2: [5.0]})
    assert compute(frames(options("services"), **told)) == ()
