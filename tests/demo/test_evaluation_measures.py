"""The measures of a programme with planted effects find each within its interval, and change when
it is taken out; what must move no measure of peers moves none."""

from math import log
from pathlib import Path

import pytest

from app.research.measures import catalogue, outside
from app.research.measures.frames import Frames
from app.research.measures.outside import UnprotectedResult
from app.research.measures.results import Estimate, MeasurePart
from tests.demo.evaluated import PLANTED, Frozen

#: Of the score that was planted to follow giving, an effect is told for each doubling.
SCORE = "ons4_satisfied_score"
DOUBLING = PLANTED.giving_effect * log(2)
#: Measures of what peers do, in which nothing of staff may show.
OF_PEERS = ("reach", "retention", "dose", "participation_classes", "balance", "reciprocity")


def _frames(found: Frozen, folder: Path) -> Frames:
    paths = {name: folder / f"{name}.parquet" for name in found.files}
    for name, frame in found.files.items():
        frame.write_parquet(paths[name])
    return Frames(found.options, paths)


@pytest.fixture(scope="module")
def with_effects(planted: Frozen, tmp_path_factory: pytest.TempPathFactory) -> Frames:
    return _frames(planted, tmp_path_factory.mktemp("planted"))


@pytest.fixture(scope="module")
def without_them(without: Frozen, tmp_path_factory: pytest.TempPathFactory) -> Frames:
    return _frames(without, tmp_path_factory.mktemp("without"))


def _found(frames: Frames, name: str) -> dict[str, MeasurePart]:
    measure = catalogue.find(name)
    assert measure is not None
    return {part.name: part for part in measure.compute(frames)}


def _estimate(parts: dict[str, MeasurePart], name: str) -> Estimate:
    found = parts[name]
    assert isinstance(found, Estimate)
    assert found.value is not None, found.why
    return found


def _holds(found: Estimate, value: float, *, times: float = 1.0) -> bool:
    """Whether the value is in the interval, or in one so many times as wide."""
    assert found.value is not None
    assert found.low is not None
    return abs(value - found.value) <= times * (found.value - found.low)


def test_the_effect_of_giving_is_found_and_there_is_none_of_receiving(
    with_effects: Frames, without_them: Frames
) -> None:
    parts = _found(with_effects, "outcome_on_dose")
    giving, receiving = (_estimate(parts, f"{SCORE}_{dose}") for dose in ("giving", "receiving"))
    assert _holds(giving, DOUBLING)
    assert not _holds(giving, 0)
    assert _holds(receiving, 0)
    gone = _estimate(_found(without_them, "outcome_on_dose"), f"{SCORE}_giving")
    assert _holds(gone, 0)
    assert not _holds(gone, DOUBLING)


def test_the_insensitive_instrument_moves_with_nothing(with_effects: Frames) -> None:
    """One 95 % interval in twenty misses, and these are many: they are held to 99.7 %."""
    parts = _found(with_effects, "outcome_on_dose")
    for score in ("ucla3_total", "ucla3_direct"):
        for dose in ("giving", "receiving"):
            assert _holds(_estimate(parts, f"{score}_{dose}"), 0, times=1.5)
    moved = _estimate(parts, "phq9_total_giving")
    assert not _holds(moved, 0, times=1.5), "what follows is told from it"


def test_bands_find_the_effect_too_and_tell_what_they_lose(
    with_effects: Frames, without_them: Frames
) -> None:
    parts = _found(with_effects, "outcome_on_dose_banded")
    banded = _estimate(parts, f"{SCORE}_giving_banded")
    assert _holds(banded, DOUBLING)
    assert _holds(_estimate(parts, f"{SCORE}_giving_exact"), DOUBLING)
    lost = _estimate(parts, f"{SCORE}_giving_width")
    assert lost.value is not None
    assert lost.value > 1, "the interval from bands is wider"
    gone = _estimate(_found(without_them, "outcome_on_dose_banded"), f"{SCORE}_giving_banded")
    assert not _holds(gone, DOUBLING)


@pytest.mark.parametrize("name", OF_PEERS)
def test_replies_by_staff_and_to_oneself_and_tall_screens_move_no_measure_of_peers(
    with_effects: Frames, without_them: Frames, name: str
) -> None:
    assert _found(with_effects, name) == _found(without_them, name)


def test_the_effect_is_gone_from_what_everybody_sees_too(
    with_effects: Frames, without_them: Frames
) -> None:
    name = "outcome_on_dose"
    one, other = (
        outside.protect("1", [UnprotectedResult(name, tuple(_found(frames, name).values()))])[0]
        for frames in (with_effects, without_them)
    )
    with_effect, gone = (
        next(part for part in found[0].parts if part["name"] == f"{SCORE}_giving")
        for found in (one, other)
    )
    assert with_effect["low"] < DOUBLING < with_effect["high"]
    assert not gone["low"] < DOUBLING < gone["high"]


def test_how_soon_peers_answer_is_told_apart_from_the_team(
    with_effects: Frames, without_them: Frames
) -> None:
    one, other = _found(with_effects, "response"), _found(without_them, "response")
    of_peers = [name for name in one if "peer" in name]
    of_team = [name for name in one if "team" in name]
    assert of_peers
    assert of_team
    assert [one[name] for name in of_team] != [other[name] for name in of_team]
