"""Scores against the published rules and worked cases, for every pattern of missing answers."""

import csv
import json
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from app.research import scoring
from app.research.instruments import catalogue, unit_costs
from app.research.instruments.structure import Instrument, MissingRule
from app.research.scoring import Answer, BadAnswerError

DATA = Path(__file__).parents[1] / "data" / "measures"
#: See README.md there.
ORACLE: dict[str, Any] = json.loads((DATA / "measures.json").read_text("utf-8"))
METRIC = {
    int(row["raw"]): float(row["metric"])
    for row in csv.DictReader((DATA / "swemwbs_metric.csv").read_text("utf-8").splitlines())
}

#: By the name of the oracle: the instrument, its score, and how many answers may be missing.
SUMS = {
    "PHQ-9": ("phq9", "phq9_total", 2),
    "GAD-7": ("gad7", "gad7_total", 2),
    "UCLA-3": ("ucla3", "ucla3_total", 0),
    "CORE-10": ("core10", "core10_total", 1),
    "SWEMWBS": ("swemwbs", "swemwbs_raw", 0),
    "WEMWBS": ("wemwbs", "wemwbs_total", 3),
    "ReQoL-10": ("reqol10", "reqol10_total", 1),
}
WORKED = [(measure, case) for measure in SUMS for case in ORACLE[measure].get("worked", [])]


def of(name: str) -> Instrument:
    """The newest version of an instrument."""
    return catalogue.shipped().versions(name)[0]


def answers(instrument: Instrument, score: str, given: list[int | None]) -> dict[str, Answer]:
    """The answers to the items of a score, in their order."""
    (found,) = [one for one in instrument.scores if one.name == score]
    return dict(zip(found.items, given, strict=True))


@pytest.mark.parametrize(("measure", "case"), WORKED, ids=lambda one: str(one)[:60])
def test_a_worked_case(measure: str, case: dict[str, Any]) -> None:
    name, total, _ = SUMS[measure]
    instrument = of(name)
    found = scoring.score(instrument, answers(instrument, total, case["items"]))
    assert found[total].value == case.get("raw", case.get("score"))
    if "band" in case:
        assert found[total].band == case["band"]
    if "metric" in case:
        assert found["swemwbs_metric"].value == case["metric"]


def test_the_oracle_has_worked_cases_of_four() -> None:
    assert {measure for measure, _ in WORKED} == {"PHQ-9", "UCLA-3", "SWEMWBS"}
    assert len(WORKED) == 15


@pytest.mark.parametrize("measure", SUMS)
def test_every_pattern_of_missing_answers(measure: str) -> None:
    """All patterns up to one missing more than the rule allows, and none answered at all."""
    name, total, at_most = SUMS[measure]
    instrument = of(name)
    (score,) = [one for one in instrument.scores if one.name == total]
    given = {
        item: instrument.codes(instrument.item(item))[n % 3] for n, item in enumerate(score.items)
    }
    for number in (*range(at_most + 2), len(score.items)):
        for missing in combinations(score.items, number):
            kept = {item: None if item in missing else code for item, code in given.items()}
            found = scoring.score(instrument, kept)[total]
            assert found.answered == len(score.items) - number
            if number > at_most:
                assert found.value is None
                assert found.band is None
                continue
            low, high = instrument.span(instrument.items[0])
            counted = [
                low + high - code if item in score.reversed_items else code
                for item, code in kept.items()
                if code is not None
            ]
            assert found.value == pytest.approx(sum(counted) / len(counted) * len(score.items))


@pytest.mark.parametrize("measure", SUMS)
def test_ranges_and_rules_are_the_oracles(measure: str) -> None:
    name, total, at_most = SUMS[measure]
    (score,) = [one for one in of(name).scores if one.name == total]
    stated = ORACLE[measure]
    expected = stated.get("range", stated.get("range_raw"))
    assert score.range == tuple(expected)
    assert len(score.items) == stated["items"]
    assert score.missing.at_most == at_most
    assert (score.missing.rule is MissingRule.PRORATA) == (at_most > 0)
    assert score.reliable_change == stated.get("reliable_change", 5 if name == "reqol10" else None)


@pytest.mark.parametrize("measure", ["PHQ-9", "GAD-7"])
def test_bands_are_the_oracles(measure: str) -> None:
    name, total, _ = SUMS[measure]
    (score,) = [one for one in of(name).scores if one.name == total]
    for low, high, band in ORACLE[measure]["bands"]:
        assert {scoring.band(score, value) for value in range(low, high + 1)} == {band}


#: The oracle says these bands in words; each value beside its step.
STEPS: dict[str, dict[float, str]] = {
    "swemwbs_metric": {7: "low", 19.25: "low", 19.98: "average", 27.03: "average", 28.13: "high"},
    "wemwbs_total": {
        14: "probable depression", 40: "probable depression", 41: "possible depression",
        44: "possible depression", 45: "average", 59: "average", 60: "high", 70: "high",
    },
    "ucla3_total": {3: "not lonely", 5: "not lonely", 6: "lonely", 9: "lonely"},
    "reqol10_total": {24: "clinical range", 25: "general population range"},
    "ons4_happy_score": {
        0: "low", 4: "low", 5: "medium", 6: "medium", 7: "high", 8: "high", 9: "very high",
        10: "very high",
    },
    "ons4_anxious_score": {
        0: "very low", 1: "very low", 2: "low", 3: "low", 4: "medium", 5: "medium", 6: "high",
        10: "high",
    },
}  # fmt: skip


@pytest.mark.parametrize("name", STEPS)
def test_steps_that_the_oracle_says_in_words(name: str) -> None:
    (score,) = [one for one in of(name.split("_")[0]).scores if one.name == name]
    assert {value: scoring.band(score, value) for value in STEPS[name]} == STEPS[name]
    assert scoring.band(score, -1) is None


def test_every_pair_of_the_metric_table() -> None:
    instrument = of("swemwbs")
    assert len(METRIC) == 29
    for raw, metric in METRIC.items():
        given: list[int | None] = [1 + (raw - 7) // 7] * 7
        for n in range((raw - 7) % 7):
            given[n] = (given[n] or 0) + 1
        found = scoring.score(instrument, answers(instrument, "swemwbs_raw", given))
        assert (found["swemwbs_raw"].value, found["swemwbs_metric"].value) == (raw, metric)


def test_ons4_is_never_summed() -> None:
    found = scoring.score(of("ons4"), {"ons4_happy": 7, "ons4_anxious": None})
    assert found["ons4_happy_score"].value == 7
    assert found["ons4_anxious_score"].value is None
    assert [score.items for score in of("ons4").scores] == [
        (item.name,) for item in of("ons4").items
    ]


def test_two_items_of_core10_are_reversed() -> None:
    instrument = of("core10")
    lowest = dict.fromkeys((item.name for item in instrument.items), 0)
    assert scoring.score(instrument, lowest)["core10_total"].value == 8
    calm = {**lowest, "core10_2": 4, "core10_3": 4}
    assert scoring.score(instrument, calm)["core10_total"].value == 0


ADVERSE: dict[str, tuple[dict[str, Answer], list[float | None]]] = {
    "nothing happened": ({"adverse_any": 0}, [0, 0, 0]),
    "two kinds": ({"adverse_any": 1, "adverse_kind": {1, 9}, "adverse_effect": 2}, [1, 2, 2]),
    "skipped": ({}, [None, None, None]),
    "kinds skipped": ({"adverse_any": 1, "adverse_effect": 3}, [1, None, 3]),
    "kinds of what did not happen": ({"adverse_any": 0, "adverse_kind": {1}}, [0, 0, 0]),
}


@pytest.mark.parametrize("case", ADVERSE)
def test_what_was_not_shown_counts_as_the_file_says(case: str) -> None:
    given, expected = ADVERSE[case]
    found = scoring.score(of("adverse"), given)
    assert [one.value for one in found.values()] == expected


def test_a_branch_behind_a_branch() -> None:
    adverse = of("adverse")
    other = adverse.item("adverse_other")
    assert not scoring.is_shown(adverse, other, {"adverse_any": 0, "adverse_kind": {9}})
    assert not scoring.is_shown(adverse, other, {"adverse_any": 1, "adverse_kind": {1}})
    assert not scoring.is_shown(adverse, other, {"adverse_any": 1})
    assert scoring.is_shown(adverse, other, {"adverse_any": 1, "adverse_kind": {1, 9}})


def test_services_cost_what_the_table_of_the_year_says() -> None:
    services, prices = of("services"), unit_costs.read(2024)
    used: dict[str, Answer] = {"services_used": {1, 3}, "services_gp": 2, "services_therapy": 6}
    found = scoring.score(services, used, unit_costs=prices)["services_cost"]
    assert found.value == 2 * 5100 + 6 * 13900
    assert (found.asked, found.answered) == (9, 9)
    assert (
        scoring.score(services, {"services_used": {0}}, unit_costs=prices)["services_cost"].value
        == 0
    )
    del used["services_gp"]
    assert scoring.score(services, used, unit_costs=prices)["services_cost"].value is None
    assert scoring.score(services, {}, unit_costs=prices)["services_cost"].value is None
    assert scoring.score(services, used) == {}


BAD: list[tuple[str, str, Answer]] = [
    ("phq9", "phq9_10", 1),
    ("phq9", "phq9_1", 4),
    ("phq9", "phq9_1", True),
    ("phq9", "phq9_1", "1"),
    ("phq9", "phq9_1", {1}),
    ("adverse", "adverse_kind", {6}),
    ("adverse", "adverse_kind", set()),
    ("adverse", "adverse_kind", "1"),
    ("adverse", "adverse_kind", 1),
    ("adverse", "adverse_other", ""),
    ("adverse", "adverse_other", "x" * 501),
    ("adverse", "adverse_other", 1),
    ("services", "services_used", {0, 1}),
    ("services", "services_gp", 100),
    ("services", "services_gp", -1),
]


@pytest.mark.parametrize(("instrument", "item", "answer"), BAD, ids=str)
def test_an_answer_that_an_item_cant_have_is_refused(
    instrument: str, item: str, answer: Answer
) -> None:
    with pytest.raises(BadAnswerError, match=item):
        scoring.score(of(instrument), {item: answer})


def test_answers_that_every_kind_of_item_can_have() -> None:
    scoring.score(
        of("adverse"), {"adverse_other": "x" * 500, "adverse_kind": [9], "adverse_any": 1}
    )
    scoring.score(of("services"), {"services_used": [0], "services_gp": 99})
