"""What holds for each measure of engagement: it works with anything a study can have, and needs no
more than it says."""

from pathlib import Path
from typing import Any

import pytest

from app.research.measures import catalogue, declared_engagement, declared_exchange
from app.research.measures.dataset_frames import FileMissingError
from app.research.measures.definitions import MeasureDefinition
from app.research.measures.results import (
    Curve,
    Estimate,
    MeasurePart,
    PeopleAxis,
    PeopleShare,
    PeopleTable,
    RoundedCounts,
)
from tests.research.measures.frames import frames_of, people

DECLARED = (*declared_engagement.ALL, *declared_exchange.ALL)
each = pytest.mark.parametrize("measure", DECLARED, ids=lambda one: one.name)


def study(count: int, **dose: int) -> dict[str, Any]:
    """A study without waves in which all do the same."""
    everyone = people(count)
    return {
        "people": people(count, area=3, tenure_band=2),
        "days": [{**one, "day": 3, "is_active": 1, "published": 1} for one in everyone],
        "doses": [{**one, **dose} for one in everyone],
        "pairs": [{**one, "counterpart": "P1", "giving": 1} for one in everyone],
        "answered": [{**one, "day": 3, "posts": 1} for one in everyone],
        "groups": [{"group_cluster": 1, "kind": "peer_led", "mode": "online"}],
        "community": [{"members": 50}],
        "flow": [{"looked": 20, "consented": 10, "stopped": 0, "erased": 0}],
    }


def check(part: MeasurePart) -> None:
    """A part that can be protected."""
    assert part.name
    if isinstance(part, Estimate):
        assert (part.value is None) == bool(part.why)
        assert 0 <= part.most <= part.two_most <= 1
        assert part.low is None or part.value is not None
    elif isinstance(part, PeopleShare):
        assert 0 <= part.persons <= part.of
    elif isinstance(part, PeopleTable):
        assert [len(row) for row in part.persons] == len(places(part.rows)) * [
            len(places(part.columns))
        ]
    else:
        assert isinstance(part, Curve | RoundedCounts)


def places(axis: PeopleAxis) -> set[str]:
    """Values of an axis, each of which it has once."""
    values = {value for value, _ in axis.places}
    assert len(values) == len(axis.places)
    return values


@each
@pytest.mark.parametrize("dose", [{}, {"posts": 4, "giving": 2, "receiving": 2, "meetings": 1}])
@pytest.mark.parametrize("count", [0, 1, 4, 5, 40])
def test_it_works_for_any_number_of_people(
    tmp_path: Path, measure: MeasureDefinition, count: int, dose: dict[str, int]
) -> None:
    parts = measure.compute(frames_of(tmp_path, **study(count, **dose)))
    assert len({part.name for part in parts}) == len(parts) > 0
    for part in parts:
        check(part)
        if isinstance(part, PeopleTable):
            assert sum(map(sum, part.persons)) == count


@each
def test_it_needs_what_it_says_and_no_more(tmp_path: Path, measure: MeasureDefinition) -> None:
    files = {name: rows for name, rows in study(5).items() if name in measure.needs}
    assert measure.compute(frames_of(tmp_path, **files))
    for missing in measure.needs:
        rest = {name: rows for name, rows in files.items() if name != missing}
        with pytest.raises(FileMissingError, match=missing):
            measure.compute(frames_of(tmp_path, **rest))


@each
def test_the_order_of_rows_changes_nothing(tmp_path: Path, measure: MeasureDefinition) -> None:
    files = study(12, posts=1, giving=1)
    files["doses"][0]["posts"] = 5
    turned = {name: rows[::-1] for name, rows in files.items()}
    assert measure.compute(frames_of(tmp_path, **files)) == measure.compute(
        frames_of(tmp_path, **turned)
    )


def test_a_measure_is_found_by_its_name() -> None:
    for measure in DECLARED:
        assert catalogue.find(measure.name) is measure
    assert catalogue.find("happiness") is None
