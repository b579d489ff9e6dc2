"""Doses in 28 days observed."""

from pathlib import Path

import pytest

from app.research.measures import dose
from tests.research.measures.finding import estimate, share, value
from tests.research.measures.frames import Row, frames_of, people


def doses(*rows: Row) -> list[Row]:
    return [{"participant": f"P{number}", **row} for number, row in enumerate(rows, start=1)]


def test_rates_are_per_28_days_observed(tmp_path: Path) -> None:
    frames = frames_of(
        tmp_path,
        people=people(5),
        doses=[
            *doses(
                {"days_observable": 28, "active_days": 4},
                {"days_observable": 56, "active_days": 4},
                {"days_observable": 84, "active_days": 30},
                {"days_observable": 84},
                {"days_observable": 27, "active_days": 27},
            ),
            {"participant": "P3", "period": 2, "days_observable": 28, "active_days": 2},
        ],
    )
    parts = dose.compute(frames)
    # 4, 2, 32 × 28 / 112 = 8, and 0; the fifth could be observed for 27 days.
    assert share(parts, "active_days_none") == (1, 4)
    assert value(parts, "active_days_median") == 3
    assert value(parts, "active_days_lower") == 1.5
    assert value(parts, "active_days_upper") == 5
    assert estimate(parts, "active_days_median").persons == 4


def test_minutes_online_and_in_meetings_are_on_one_scale(tmp_path: Path) -> None:
    frames = frames_of(
        tmp_path,
        people=people(3),
        doses=doses(
            {"reading": 60, "meeting_minutes": 180, "meetings": 2, "sessions": 6},
            {"reading": 30},
            {"meeting_minutes": 90, "meetings": 1},
        ),
    )
    parts = dose.compute(frames)
    # 84 days observed each: a third of what was counted.
    assert [value(parts, f"{name}_upper") for name in ("reading", "meeting_minutes")] == [15, 45]
    assert value(parts, "minutes_median") == 30
    assert value(parts, "meetings_median") == pytest.approx(1 / 3)
    assert value(parts, "sessions_median") == 0
    assert share(parts, "reading_none") == (1, 3)
    in_meetings = estimate(parts, "minutes_in_meetings")
    assert in_meetings.value == 270 / 360
    # Of minutes in meetings one person has 180 of 270, and two have all.
    assert (in_meetings.most, in_meetings.two_most) == (180 / 270, 1)


def test_who_did_not_agree_or_was_not_observed_has_no_dose(tmp_path: Path) -> None:
    rows = [*people(1), {"participant": "P2", "last_day": -7}, {"participant": "P3"}]
    frames = frames_of(tmp_path, people=rows, doses=doses({}, {"active_days": 9}))
    parts = dose.compute(frames)
    assert share(parts, "active_days_none") == (1, 1)
    assert estimate(parts, "minutes_in_meetings").why == "there are no minutes"


def test_of_nobody_there_is_no_quartile(tmp_path: Path) -> None:
    parts = dose.compute(frames_of(tmp_path, people=people(2), doses=[]))
    found = estimate(parts, "sessions_median")
    assert (found.value, found.persons) == (None, 0)
    assert found.why == "nobody could be observed for 28 days"
