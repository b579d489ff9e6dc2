"""Use of services: contacts, cost at the prices of the table, its change, and who makes it up."""

from collections.abc import Mapping, Sequence

import polars as pl
import pytest
from scipy import stats

from app.research.instruments import unit_costs
from app.research.measures.dataset_frames import Frames
from app.research.measures.service_use import compute
from app.research.special_codes import NOT_APPLICABLE
from tests.research.measures.outcome_frames import (
    NOT_ANSWERED,
    Told,
    by_name,
    doses,
    estimate,
    frames,
    options,
    share,
    told,
)

_COUNTED = (
    "gp", "gp_phone", "therapy", "team", "crisis", "emergency", "inpatient", "outpatient", "social",
)  # fmt: skip
_PENCE = {name: unit_costs.newest().rows[f"services_{name}"].pence for name in _COUNTED}

#: What somebody ticked with how often; None where they skipped how often; or the wave's state.
Use = Mapping[str, int | None] | str


def _answers(use: Use) -> Mapping[str, Told] | str:
    """What is frozen of it: a service that was not ticked was not asked about."""
    if isinstance(use, str):
        return use
    counts = {
        f"services_{name}": use.get(name, NOT_ANSWERED) if name in use else NOT_APPLICABLE
        for name in _COUNTED
    }
    ticked = {f"services_used_{code}": 0 for code in range(10)}
    is_whole = None not in use.values()
    pence = sum(_PENCE[name] * (count or 0) for name, count in use.items())
    return {**ticked, **counts, "services_cost": pence if is_whole else None}


def _study(waves: Mapping[int, Sequence[Use]], **files: pl.DataFrame) -> Frames:
    rows = told({wave: [_answers(use) for use in uses] for wave, uses in waves.items()})
    return frames(options("services"), responses=rows, scores=rows, **files)


_FIVE: dict[int, list[Use]] = {
    1: [{"gp": 2}, {}, {"gp": 1, "inpatient": 10}, {"team": None}, "silent"],
    2: [{"gp": 1}, {"gp_phone": 4}, {}, {"gp": 1}, {"gp": 1}],
}


def test_a_service_that_was_not_ticked_counts_as_none_and_a_skipped_one_is_missing() -> None:
    parts = compute(_study(_FIVE))
    assert share(parts, "services_any_1") == (2, 3)
    assert share(parts, "services_gp_1_users") == (2, 4)
    assert share(parts, "services_team_1_users") == (0, 3)
    contacts = estimate(parts, "services_gp_1")
    assert (contacts.value, contacts.persons) == (0.75, 4)
    assert (contacts.most, contacts.two_most) == pytest.approx((2 / 3, 1))
    assert "(appointment): A GP surgery, face to face, wave 1" in contacts.label, "as it was asked"


def test_nothing_is_known_of_somebody_who_skipped_which_services_they_used() -> None:
    """Their questions on how often were never shown, and are frozen as not applicable."""
    study = _study({1: [{"gp": 2}, {}], 2: [{}, {}]})
    skipped = study["responses"].with_columns(
        pl.when((pl.col("participant") == "p1") & (pl.col("wave") == 1))
        .then(NOT_ANSWERED)
        .otherwise(pl.col(f"services_used_{code}"))
        .alias(f"services_used_{code}")
        for code in range(10)
    )
    parts = compute(frames(options("services"), responses=skipped, scores=study["scores"]))
    assert share(parts, "services_any_1") == (1, 1)
    assert share(parts, "services_gp_1_users") == (1, 1)


def test_cost_is_a_mean_of_pence_with_those_who_cost_most() -> None:
    """By hand: 2 × 5100, nothing, 5100 + 10 × 56400 pence."""
    parts = compute(_study(_FIVE))
    cost = estimate(parts, "cost_1")
    total = 10_200 + 569_100
    assert (cost.value, cost.persons) == (total / 3, 3)
    assert (cost.most, cost.two_most) == pytest.approx((569_100 / total, 1))
    assert "prices of 2024" in cost.label
    assert estimate(parts, "cost_median_1").value == 10_200


def test_its_change_is_of_those_who_told_it_at_both_waves() -> None:
    change = estimate(compute(_study(_FIVE)), "cost_change_2")
    changes = [5_100 - 10_200, 4 * 4_500, -569_100]
    interval = stats.ttest_1samp(changes, 0).confidence_interval()
    assert change.value == pytest.approx(sum(changes) / 3)
    assert (change.low, change.high) == pytest.approx((interval.low, interval.high))
    assert "cost_change_1" not in by_name(compute(_study(_FIVE)))


def test_cost_is_told_by_what_they_gave_in_the_period_that_the_wave_ends() -> None:
    did = doses({1: [{"giving": 0}, {"giving": 2}, {"giving": 9}, {"giving": 5}, None]})
    parts = compute(_study(_FIVE, doses=did))
    told_by = {
        level: (found.value, found.persons)
        for level in ("none", "some", "most", "not_counted")
        for found in [estimate(parts, f"cost_2_{level}")]
    }
    assert told_by == {
        "none": (5_100, 1),
        "some": (18_000, 1),
        "most": (2_550, 2),
        "not_counted": (5_100, 1),
    }
    assert "cost_1_none" not in by_name(parts)


@pytest.mark.parametrize("people", [0, 1, 4])
def test_few_people_and_a_wave_that_nobody_answered_are_told_as_they_are(people: int) -> None:
    uses: dict[int, list[Use]] = {1: [{"gp": 1}] * people, 2: ["silent"] * people}
    study = _study(uses)
    columns = [f"services_{name}" for name in _COUNTED]
    columns += [f"services_used_{code}" for code in range(10)] + ["services_cost"]
    rows = study["responses"]
    rows = rows.with_columns(
        pl.lit(0.0).alias(name) for name in columns if name not in rows.columns
    )
    parts = compute(frames(options("services"), responses=rows, scores=rows))
    cost = estimate(parts, "cost_1")
    assert (cost.value, cost.persons) == (5_100 if people else None, people)
    assert share(parts, "services_any_1") == (people, people)
    assert estimate(parts, "cost_2").why == "nobody answered"
    assert estimate(parts, "cost_median_2").why == "nobody answered"


def test_a_study_that_does_not_ask_it_has_none() -> None:
    assert compute(frames(options("phq9"))) == ()
