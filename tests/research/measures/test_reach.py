"""Who was reached."""

from pathlib import Path

from app.research.measures import reach
from app.research.measures.results import RoundedCounts
from app.research.special_codes import WITHHELD
from tests.research.measures.finding import cells, share
from tests.research.measures.frames import frames_of, people


def test_who_joined_when_and_what_they_said_of_themselves(tmp_path: Path) -> None:
    rows = [
        {"participant": "P1", "area": 3, "age_band": 1, "tenure_band": 2},
        {"participant": "P2", "area": 3, "joined": 3, "peer_support_before": 1},
        {"participant": "P3", "area": 4, "joined": 3},
        {"participant": "P4", "area": 3, "joined": 9, "last_day": -7},
    ]
    parts = reach.compute(frames_of(tmp_path, people=rows))
    assert share(parts, "agreed") == (3, 4)
    assert cells(parts, "joined_by_area") == {
        ("1", "london"): 1,
        ("3", "london"): 1,
        ("3", "north_east"): 1,
    }
    assert cells(parts, "joined_by_age_band") == {("1", "18_to_24"): 1, ("3", "not_answered"): 2}
    assert cells(parts, "joined_by_tenure_band") == {
        ("1", "1_to_5_months"): 1,
        ("3", "not_answered"): 2,
    }
    assert cells(parts, "joined_by_peer_support_before") == {
        ("1", "not_answered"): 1,
        ("3", "yes"): 1,
        ("3", "not_answered"): 1,
    }
    by_area = next(part for part in parts if part.name == "joined_by_area")
    assert not isinstance(by_area, RoundedCounts)
    assert [words for _, words in by_area.rows.places] == [  # type: ignore[union-attr]
        "weeks 1 to 12",
        "weeks 13 to 24",
        "weeks 25 to 36",
    ]


def test_who_received_and_who_came(tmp_path: Path) -> None:
    doses = [
        {"participant": "P1", "receiving": 2, "meetings": 1, "group_cluster": 7},
        {"participant": "P1", "period": 2, "receiving": -2, "meetings": 3, "group_cluster": 8},
        {"participant": "P2", "receiving": 1, "meetings": 1, "group_cluster": 8},
        {"participant": "P3", "meetings": 1, "group_cluster": 9},
        {"participant": "P4", "meetings": 2, "group_cluster": 7},
        {"participant": "P5", "receiving": 5, "group_cluster": 8},
        {"participant": "P6", "receiving": 5, "meetings": 5, "group_cluster": 8},
    ]
    frames = frames_of(
        tmp_path,
        people=[*people(5), {"participant": "P6", "last_day": -7}],
        doses=doses,
        groups=[
            {"group_cluster": 7, "kind": "peer_led", "mode": "in_person"},
            {"group_cluster": 8, "kind": "peer_led", "mode": "online"},
        ],
    )
    parts = reach.compute(frames)
    assert share(parts, "received") == (2, 5)
    assert share(parts, "came") == (4, 5)
    assert share(parts, "came_in_person") == (2, 5)
    assert share(parts, "came_online") == (2, 5)
    assert cells(parts, "came_by_peer_support_before") == {
        (how, "not_answered"): 1 for how in ("both", "online", "unknown", "in_person", "none")
    }


def test_what_was_rounded_before_is_told_as_it_is(tmp_path: Path) -> None:
    frames = frames_of(
        tmp_path,
        people=people(1),
        community=[{"period": 2, "members": 45}, {"period": 1, "members": 30}],
        flow=[
            {"looked": WITHHELD, "consented": 0, "stopped": WITHHELD, "erased": 0},
            {"period": 2, "looked": 20, "consented": 10, "stopped": 15, "erased": WITHHELD},
        ],
    )
    found = {one.name: one for one in reach.compute(frames) if isinstance(one, RoundedCounts)}
    assert found["members"].persons == [30, 45]
    assert found["members"].places == ["weeks 1 to 12", "weeks 13 to 24"]
    assert found["looked"].persons == [None, 20]
    assert found["consented"].persons == [0, 10]
    assert found["stopped"].persons == [None, 15]
    assert found["erased"].persons == [0, None]
