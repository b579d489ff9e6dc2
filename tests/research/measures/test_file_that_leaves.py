"""Outcome on dose from the file that may leave: a programme of 4,000 people, its bands after
disclosure control, and the effects that somebody finds in them."""

from collections.abc import Sequence
from functools import cache

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from app.research import period_file, score_bands
from app.research.bands import AskedInstrument, Options
from app.research.instruments import wording_access
from app.research.measures.outcome_on_dose_banded import RECODED_MOST, compute
from app.research.measures.results import MeasurePart
from app.research.schedule import Schedule
from tests.research.measures.outcome_frames import estimate, frames

_SCORE = next(
    one for one in wording_access.find("ons4").scores if one.name == "ons4_satisfied_score"
)
_WAVES = (0, 91, 182)
#: Points for a doubling.
_EFFECT = 0.243
_DOSES = ("giving", "receiving")
#: Effects of both: as they were planted in the programme, turned round, and none.
_PLANTED, _TURNED, _NONE = (_EFFECT, 0.0), (0.0, _EFFECT), (0.0, 0.0)


def _options(told: int | None) -> Options:
    asked = AskedInstrument("ons4", 1, (1, 2, 3))
    return Options(_DOSES, (), Schedule(_WAVES), (_SCORE.name,), (asked,), told)


@cache
def _lives(
    people: int, seed: int, effects: tuple[float, float]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Doses of two periods, which go together, and satisfaction with life at three waves, of which
    two in three are handed in."""
    draw = np.random.default_rng(seed)
    active = draw.normal(size=people)
    own = draw.normal(4.5, 1.1, people)
    codes = np.array([f"p{place:04d}" for place in range(people)])
    doses, told = [], [_wave(draw, codes, 1, own)]
    for period in (1, 2):
        paces = [share * active + (1 - share) * draw.normal(size=people) for share in (0.6, 0.4)]
        given, got = (draw.poisson(2 * np.exp(0.8 * pace)) for pace in paces)
        observed = np.full(people, 91)
        columns = {"participant": codes, "days_observable": observed, "giving": given}
        doses.append(pl.DataFrame({**columns, "receiving": got}).with_columns(period=period))
        moved = sum(
            effect * np.log2(1 + count) for effect, count in zip(effects, (given, got), strict=True)
        )
        told.append(_wave(draw, codes, period + 1, own + moved))
    return pl.concat(doses), pl.concat(told)


def _wave(
    draw: np.random.Generator, codes: NDArray[np.str_], wave: int, around: NDArray[np.float64]
) -> pl.DataFrame:
    value = np.clip(np.round(around + draw.normal(0, 0.8, codes.size)), 0, 10)
    rows = pl.DataFrame({"participant": codes, _SCORE.name: value}).with_columns(wave=wave)
    return rows.filter(pl.Series(draw.random(codes.size) < 0.66))


def _from_the_file(
    seed: int, told: int | None, effects: tuple[float, float] = _PLANTED
) -> Sequence[MeasurePart]:
    doses, scores = _lives(4_000, seed, effects)
    chosen = _options(told)
    code = score_bands.of_score(_SCORE).code
    banded = scores.select(
        "participant", "wave", pl.col(_SCORE.name).map_elements(code, return_dtype=pl.Int16)
    )
    everybody = doses.select("participant").unique()
    made = period_file.protect(doses, everybody, chosen, banded)
    assert made.smallest_class >= 5
    return compute(frames(chosen, periods=made.rows))


@pytest.mark.parametrize("effects", [_PLANTED, _TURNED, _NONE])
@pytest.mark.parametrize("seed", range(4))
def test_the_file_of_one_period_holds_the_effects(seed: int, effects: tuple[float, float]) -> None:
    """They are held to 99.7 %: half as wide again as the interval that is told."""
    parts = _from_the_file(seed, 1, effects)
    recoded = estimate(parts, f"{_SCORE.name}_recoded").value
    assert recoded is not None
    assert 0 < recoded < RECODED_MOST
    for dose, truth in zip(_DOSES, effects, strict=True):
        told = estimate(parts, f"{_SCORE.name}_{dose}")
        assert told.value is not None
        assert told.low is not None
        half = told.value - told.low
        assert abs(told.value - truth) < 1.5 * half
        assert (abs(told.value) > 1.5 * half) == (truth > 0), "it can be told from nothing"


def test_the_same_file_of_all_periods_tells_why_it_holds_none() -> None:
    parts = _from_the_file(0, None)
    assert (estimate(parts, f"{_SCORE.name}_recoded").value or 0) > 4 * RECODED_MOST
    told = estimate(parts, f"{_SCORE.name}_giving")
    assert told.value is None
    assert told.why == "disclosure control made too many codes of several bands"
