"""Outcome on dose from bands: what is found there, and what is lost beside exact rows."""

from math import log2

import polars as pl
import pytest

from app.research import score_bands
from app.research.bands import MEASURES, observable
from app.research.codes import NOT_APPLICABLE, WITHHELD
from app.research.instruments import locks
from app.research.measures.frames import Frames
from app.research.measures.outcome_on_dose_banded import (
    compute,
    dose_middles,
    rows,
    score_middles,
)
from app.research.periods import banded
from tests.research.measures.outcome_frames import by_name, estimate, frames, options, share
from tests.research.measures.test_outcome_on_dose import planted

_USUAL = ("active_days", "giving", "receiving")
_BANDED = options("phq9", waves=(0, 84, 168), scores=("phq9_total",))
_PHQ9 = locks.find("phq9").scores[0]


def _periods(study: Frames) -> pl.DataFrame:
    """The banded file of exact rows, with nothing withheld."""
    bands = score_bands.of_score(_PHQ9)
    told = study["scores"].select(
        "participant",
        "wave",
        pl.col("phq9_total").map_elements(bands.code, return_dtype=pl.Int64).alias("band"),
    )
    found = banded(study["doses"], _BANDED)
    for later, ending in enumerate(("_0", "_1")):
        ends = told.select(
            "participant",
            (pl.col("wave") - later).alias("period"),
            pl.col("band").alias(f"phq9_total{ending}"),
        )
        found = found.join(ends, on=["participant", "period"])
    return found


def _beside(study: Frames, periods: pl.DataFrame) -> Frames:
    exact = {name: study[name] for name in ("responses", "scores", "doses")}
    return frames(_BANDED, periods=periods, **exact)


def test_a_planted_effect_is_found_in_bands_with_a_wider_interval() -> None:
    study = planted(400, 11)
    parts = compute(_beside(study, _periods(study)))
    told = estimate(parts, "phq9_total_giving_banded")
    exact = estimate(parts, "phq9_total_giving_exact")
    assert exact.value == pytest.approx(-0.8, abs=0.15)
    assert told.value == pytest.approx(-0.8, abs=0.3)
    assert told.high is not None
    assert told.high < 0
    width = estimate(parts, "phq9_total_giving_width")
    assert width.value is not None
    assert 1 < width.value < 3
    assert share(parts, "phq9_total_people") == (400, 400)


def test_whose_scores_are_withheld_are_told_as_lost() -> None:
    study = planted(50, 12)
    few = pl.col("participant").is_in([f"p{place}" for place in range(20)])
    periods = _periods(study).with_columns(
        pl.when(few).then(WITHHELD).otherwise(pl.col("phq9_total_0")).alias("phq9_total_0")
    )
    parts = compute(_beside(study, periods))
    assert share(parts, "phq9_total_people") == (30, 50)
    assert estimate(parts, "phq9_total_giving_banded").persons == 30
    assert estimate(parts, "phq9_total_giving_exact").persons == 50


def test_everything_withheld_leaves_no_figure_and_no_width() -> None:
    study = planted(50, 13)
    periods = _periods(study).with_columns(pl.lit(WITHHELD).alias("giving"))
    parts = compute(_beside(study, periods))
    why = "there are too few people for the model"
    for ending in ("banded", "width"):
        told = estimate(parts, f"phq9_total_giving_{ending}")
        assert (told.value, told.why) == (None, why)
    assert share(parts, "phq9_total_people") == (0, 50)


def test_the_banded_file_alone_is_enough() -> None:
    study = planted(60, 14)
    parts = compute(frames(_BANDED, periods=_periods(study)))
    assert set(by_name(parts)) == {
        "phq9_total_giving",
        "phq9_total_receiving",
        "phq9_total_active_days",
        "phq9_total_time",
    }


def test_a_code_stands_for_the_middle_of_all_that_it_can_be() -> None:
    """PHQ-9: 0, 5, 10, 15, 20 to 27. Giving: none, 1 to 5, 6 to 20, 21 or more."""
    middles = score_middles(score_bands.of_score(_PHQ9), 27)
    assert (middles[1], middles[2], middles[5], middles[12], middles[35]) == (
        2.5,
        7.5,
        23.5,
        5,
        18.5,
    )
    assert WITHHELD not in middles
    giving = dose_middles(MEASURES["giving"])
    assert giving[0] == 0
    assert giving[1] == pytest.approx((1 + log2(6)) / 2)
    assert giving[2] == pytest.approx((log2(7) + log2(21)) / 2)
    assert giving[3] == pytest.approx(log2(22) + (log2(22) - log2(7)) / 2)
    assert giving[102] == pytest.approx(log2(21) / 2)
    assert giving[23] == pytest.approx((log2(7) + 2 * log2(22) - log2(7)) / 2)
    assert WITHHELD not in giving


def test_rows_take_the_first_score_from_the_first_period_and_leave_short_ones_out() -> None:
    codes = observable(84).levels
    assert codes[34] == (3, 4)
    told = [
        ("a", 1, 4, 1, 3, 2), ("a", 2, 3, 1, 2, 1), ("b", 1, 2, 1, 4, 1), ("b", 2, 34, 2, 1, 5),
        ("c", 1, 4, NOT_APPLICABLE, 4, 1), ("d", 2, 4, 1, 4, 1),
    ]  # fmt: skip
    columns = ["participant", "period", "days_observable", "giving", "phq9_total_0", "phq9_total_1"]
    periods = pl.DataFrame(told, schema=columns, orient="row")
    found = rows(frames(_BANDED, periods=periods), _PHQ9, ["giving"])
    one, two = dose_middles(MEASURES["giving"])[1], dose_middles(MEASURES["giving"])[2]
    wanted = ["participant", "period", "outcome", "group", "giving", "first"]
    assert found.select(wanted).rows() == [
        ("a", 1, 7.5, "a", one, 12.5),
        ("a", 2, 2.5, "a", one, 12.5),
        ("b", 2, 23.5, "b", two, 17.5),
    ]


def test_scores_that_are_not_told_in_bands_and_studies_without_waves_have_none() -> None:
    assert compute(frames(options("phq9", waves=(0, 84)))) == ()
    assert compute(frames(options("phq9", waves=()))) == ()
