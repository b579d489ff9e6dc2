"""Outcome on dose from bands: what is found there, and what is lost beside exact rows."""

import polars as pl
import pytest

from app.research import score_bands
from app.research.bands import observable
from app.research.instruments import wording_access
from app.research.measures.dataset_frames import Frames
from app.research.measures.outcome_on_dose_banded import (
    compute,
    recoded_share,
    rows,
)
from app.research.measures.results import Estimate
from app.research.period_file import banded
from app.research.special_codes import NOT_APPLICABLE, WITHHELD
from tests.research.measures.outcome_frames import by_name, estimate, frames, options, share
from tests.research.measures.test_outcome_on_dose import planted

_USUAL = ("active_days", "giving", "receiving")
_BANDED = options("phq9", waves=(0, 84, 168), scores=("phq9_total",))
_PHQ9 = wording_access.find("phq9").scores[0]


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


def _off(told: Estimate, value: float) -> float:
    """How far a value is off, in halves of the interval."""
    assert told.value is not None
    assert told.low is not None
    return abs(value - told.value) / (told.value - told.low)


@pytest.mark.parametrize(("people", "seed"), [(160, 1), (400, 11), (1600, 2)])
def test_a_planted_effect_is_found_in_bands_with_a_wider_interval(people: int, seed: int) -> None:
    """One 95 % interval in twenty misses: they are held to 99.7 %, so half as wide again."""
    study = planted(people, seed)
    parts = compute(_beside(study, _periods(study)))
    exact = estimate(parts, "phq9_total_giving_exact")
    assert exact.value == pytest.approx(-0.8, abs=0.15)
    for way in ("bands", "banded"):
        told = estimate(parts, f"phq9_total_giving_{way}")
        assert _off(told, -0.8) < 1.5
        assert _off(told, 0) > 1.5
        assert _off(estimate(parts, f"phq9_total_receiving_{way}"), 0) < 1.5
        width = estimate(parts, f"phq9_total_giving_{way}_width")
        assert width.value is not None
        assert 1 < width.value < 4
        off = estimate(parts, f"phq9_total_giving_{way}_off")
        assert told.value is not None
        assert off.value == pytest.approx(told.value - (exact.value or 0))
    assert share(parts, "phq9_total_people") == (people, people)


def test_where_disclosure_control_recoded_many_rows_no_effect_is_told_from_the_file() -> None:
    """PHQ-9: 12 is 0 to 9. Of a hundred rows six hold it; five would be few enough."""
    study = planted(50, 15)
    for rows_of, is_told in ((5, True), (6, False)):
        place = pl.int_range(pl.len()) < rows_of
        periods = _periods(study).with_columns(
            pl.when(place).then(12).otherwise(pl.col("phq9_total_1")).alias("phq9_total_1")
        )
        parts = compute(_beside(study, periods))
        assert estimate(parts, "phq9_total_recoded").value == pytest.approx(rows_of / 100)
        banded = estimate(parts, "phq9_total_giving_banded")
        assert (banded.value is not None) is is_told
        for part in ("bands", "bands_off", "bands_width"):
            assert estimate(parts, f"phq9_total_giving_{part}").value is not None
        if not is_told:
            why = "disclosure control made too many codes of several bands"
            for part in ("banded", "banded_off", "banded_width"):
                assert estimate(parts, f"phq9_total_giving_{part}").why == why


def test_whose_scores_are_withheld_are_told_as_lost() -> None:
    study = planted(50, 12)
    few = pl.col("participant").is_in([f"p{place}" for place in range(20)])
    periods = _periods(study).with_columns(
        pl.when(few).then(WITHHELD).otherwise(pl.col("phq9_total_0")).alias("phq9_total_0")
    )
    parts = compute(_beside(study, periods))
    assert share(parts, "phq9_total_people") == (30, 50)
    assert estimate(parts, "phq9_total_recoded").value == pytest.approx(0.4)
    assert estimate(parts, "phq9_total_giving_banded").persons == 30
    assert estimate(parts, "phq9_total_giving_exact").persons == 50


def test_everything_withheld_leaves_no_figure_and_no_width() -> None:
    study = planted(50, 13)
    periods = _periods(study).with_columns(pl.lit(WITHHELD).alias("giving"))
    parts = compute(_beside(study, periods))
    why = "disclosure control made too many codes of several bands"
    for ending in ("banded", "banded_width"):
        told = estimate(parts, f"phq9_total_giving_{ending}")
        assert (told.value, told.why) == (None, why)
    assert share(parts, "phq9_total_people") == (0, 50)


def test_the_banded_file_alone_is_enough() -> None:
    study = planted(60, 14)
    parts = compute(frames(_BANDED, periods=_periods(study)))
    assert set(by_name(parts)) == {
        "phq9_total_recoded",
        "phq9_total_giving",
        "phq9_total_receiving",
        "phq9_total_active_days",
        "phq9_total_time",
    }


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
    wanted = ["participant", "period", "outcome", "group", "giving", "first"]
    assert found.select(wanted).rows() == [
        ("a", 1, 2, "a", 1, 3),
        ("a", 2, 1, "a", 1, 3),
        ("b", 2, 5, "b", 2, 4),
    ]
    assert recoded_share(_PHQ9, found, ["giving"]) == 0


def test_scores_that_are_not_told_in_bands_and_studies_without_waves_have_none() -> None:
    assert compute(frames(options("phq9", waves=(0, 84)))) == ()
    assert compute(frames(options("phq9", waves=()))) == ()


def test_a_file_without_rows_tells_no_share_and_no_effect() -> None:
    study = planted(20, 16)
    parts = compute(_beside(study, _periods(study).clear()))
    told = estimate(parts, "phq9_total_recoded")
    assert (told.value, told.why) == (None, "no row has a score at both ends")
    assert estimate(parts, "phq9_total_giving_banded").value is None
