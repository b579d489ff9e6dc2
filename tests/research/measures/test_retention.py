"""When somebody's taking part ends, and what ends only the record of it."""

from pathlib import Path
from typing import Any

import pytest

from app.research.measures import retention
from app.research.measures.results import CurveStep
from tests.research.measures.finding import curve, estimate, value
from tests.research.measures.frames import Row, frames_of, people


def time_of(folder: Path, *days: Row, **person: Any) -> tuple[int, bool]:
    """How long one person with these days took part, and whether they left."""
    frames = frames_of(
        folder,
        people=people(1, **person),
        days=[{"participant": "P1", **day} for day in days],
    )
    (found,) = retention.times(frames).select("time", "has_left").rows()
    return found


def active(*days: int) -> list[Row]:
    return [{"day": day, "is_active": 1} for day in days]


@pytest.mark.parametrize(
    ("days", "person", "time", "has_left"),
    [
        pytest.param([], {"last_day": 100}, 28, True, id="never did anything"),
        pytest.param(active(5, 33), {"last_day": 100}, 61, True, id="27 days between two acts"),
        pytest.param(active(5, 34), {"last_day": 100}, 33, True, id="28 days, then came back"),
        pytest.param(active(90), {"last_day": 100}, 28, True, id="left once and came back"),
        pytest.param(active(20, 40, 60, 80), {"last_day": 100}, 100, False, id="went on"),
        pytest.param([], {"last_day": 27}, 27, False, id="the 28th day was not observed"),
        pytest.param([], {"last_day": 28}, 28, True, id="the 28th day is the last"),
        pytest.param([], {"last_day": 28, "ended": 2}, 28, False, id="stopped on the 28th"),
        pytest.param([], {"last_day": 29, "ended": 2}, 28, True, id="stopped after the 28th"),
        pytest.param(
            [{"day": 20, "is_away": 1, "is_active": 1}, *active(25, 50)],
            {"last_day": 100}, 20, False, id="a break ends the record",
        ),
        pytest.param([{"day": 28, "is_away": 1}], {"last_day": 100}, 28, False, id="on the 28th"),
        pytest.param([{"day": 29, "is_away": 1}], {"last_day": 100}, 28, True, id="after it"),
        pytest.param([{"day": 0, "is_away": 1}], {"last_day": 100}, 0, False, id="at once"),
        pytest.param(
            [{"day": 20, "is_active": 0}], {"last_day": 100}, 28, True, id="receiving is no act"
        ),
        pytest.param(
            active(110), {"first_day": 100, "last_day": 150}, 38, True, id="agreed on day 100"
        ),
        pytest.param(
            active(5), {"first_day": 100, "last_day": 150}, 28, True, id="an act before the first"
        ),
        pytest.param(active(20, 40), {"last_day": 30}, 30, False, id="an act beyond the last day"),
    ],
)  # fmt: skip
def test_a_record_ends(
    tmp_path: Path, days: list[Row], person: dict[str, Any], time: int, has_left: bool
) -> None:
    assert time_of(tmp_path, *days, **person) == (time, has_left)


def test_who_never_agreed_to_activity_is_not_in_it(tmp_path: Path) -> None:
    files = frames_of(tmp_path, people=people(3, first_day=-7, last_day=-7, ended=-7), days=[])
    parts = retention.compute(files)
    assert curve(parts, "retention").persons == 0
    assert estimate(parts, "stayed_84").why
    assert estimate(parts, "median_days").why


def test_curves_and_shares(tmp_path: Path) -> None:
    """Of 24 people 12 never come back; the others write every 20 days up to the cut."""
    stays = [{"participant": f"P{number}"} for number in range(1, 13)]
    frames = frames_of(
        tmp_path,
        people=[
            *people(12, last_day=200, tenure_band=1),
            *({"participant": f"Q{n}", "last_day": 200, "tenure_band": 2} for n in range(9)),
            *({"participant": f"R{n}", "last_day": 200} for n in range(3)),
        ],
        days=[{**one, **day} for one in stays for day in active(*range(0, 201, 20))],
    )
    parts = retention.compute(frames)
    assert curve(parts, "retention").steps == [
        CurveStep(0, 24, 0, 0), CurveStep(28, 24, 12, 0), CurveStep(200, 12, 0, 12),
    ]  # fmt: skip
    stayed = estimate(parts, "stayed_84")
    assert (stayed.value, stayed.persons) == (0.5, 24)
    # By hand: 0.5 ** exp(±1.96 × √(12 / (24 × 12)) / ln 2).
    assert (stayed.low, stayed.high) == pytest.approx((0.2910, 0.6776), abs=1e-4)
    assert estimate(parts, "stayed_364").why == "fewer than 10 people could be observed so long"
    assert value(parts, "median_days") == 28
    assert [part.name for part in parts if part.name.startswith("retention_")] == [
        "retention_under_1_month"
    ]
    assert curve(parts, "retention_under_1_month").persons == 12


def test_a_median_that_few_lived_to_is_not_told(tmp_path: Path) -> None:
    left = [{"participant": f"P{n}", "last_day": 100 if n < 5 else 20} for n in range(12)]
    parts = retention.compute(frames_of(tmp_path, people=left, days=[]))
    assert estimate(parts, "median_days").why == "fewer than 10 people could be observed so long"
    # Twelve people without a time as a member make no curve of it.
    assert [part.name for part in parts if part.name.startswith("retention_")] == []
