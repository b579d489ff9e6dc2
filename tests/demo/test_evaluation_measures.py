"""The measures of a programme with planted effects find each within its interval, and change when
it is taken out; what must move no measure of peers moves none."""

import pytest

from app.research.measures.outcome_on_dose_banded import RECODED_MOST
from app.research.measures.results import Estimate, MeasurePart
from tests.demo.evaluated import DOUBLING, SCORE, Frozen

#: Measures of what peers do, in which nothing of staff may show.
DOSES = ("giving", "receiving")
OF_PEERS = ("reach", "retention", "dose", "participation_classes", "balance", "reciprocity")


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


def test_the_effect_of_giving_is_found_and_there_is_none_of_receiving(planted: Frozen) -> None:
    giving, receiving = _of_doses(planted)
    assert _holds(giving, DOUBLING)
    assert not _holds(giving, 0)
    assert _holds(receiving, 0)


def test_turned_round_the_effect_of_receiving_is_found_and_none_of_giving(turned: Frozen) -> None:
    giving, receiving = _of_doses(turned)
    assert _holds(giving, 0)
    assert not _holds(giving, DOUBLING)
    assert _holds(receiving, DOUBLING)
    assert not _holds(receiving, 0)


def _of_doses(frozen: Frozen) -> tuple[Estimate, Estimate]:
    parts = frozen.found("outcome_on_dose")
    return _estimate(parts, f"{SCORE}_giving"), _estimate(parts, f"{SCORE}_receiving")


def test_the_insensitive_instrument_moves_with_nothing(planted: Frozen) -> None:
    """One 95 % interval in twenty misses, and these are many: they are held to 99.7 %."""
    parts = planted.found("outcome_on_dose")
    for score in ("ucla3_total", "ucla3_direct"):
        for dose in ("giving", "receiving"):
            assert _holds(_estimate(parts, f"{score}_{dose}"), 0, times=1.5)
    moved = _estimate(parts, "phq9_total_giving")
    assert not _holds(moved, 0, times=1.5), "what follows is told from it"


def test_bands_find_the_effects_too_and_tell_what_they_lose(
    planted: Frozen, turned: Frozen
) -> None:
    parts = planted.found("outcome_on_dose_banded")
    giving, receiving = (_estimate(parts, f"{SCORE}_{one}_bands") for one in DOSES)
    assert _holds(giving, DOUBLING)
    assert not _holds(giving, 0)
    assert _holds(receiving, 0)
    width = _estimate(parts, f"{SCORE}_giving_bands_width").value
    assert width is not None
    assert 1 < width < 3, "the interval from bands is wider"
    off = _estimate(parts, f"{SCORE}_giving_bands_off").value
    assert off is not None
    assert abs(off) < DOUBLING / 2
    gone = turned.found("outcome_on_dose_banded")
    giving, receiving = (_estimate(gone, f"{SCORE}_{one}_bands") for one in DOSES)
    assert _holds(giving, 0)
    assert _holds(receiving, DOUBLING)
    assert not _holds(receiving, 0)


def test_the_file_that_leaves_tells_that_disclosure_control_lost_the_effects(
    planted: Frozen,
) -> None:
    """Of 160 people hardly two have the same record, though it tells one period alone."""
    parts = planted.found("outcome_on_dose_banded")
    recoded = _estimate(parts, f"{SCORE}_recoded").value
    assert recoded is not None
    assert recoded > RECODED_MOST
    for dose in DOSES:
        for ending in ("banded", "banded_off", "banded_width"):
            found = parts[f"{SCORE}_{dose}_{ending}"]
            assert isinstance(found, Estimate)
            assert found.value is None
            assert "disclosure control" in found.why


@pytest.mark.parametrize("name", OF_PEERS)
def test_staff_oneself_tall_screens_and_acts_after_stopping_move_no_measure_of_peers(
    planted: Frozen, plain: Frozen, name: str
) -> None:
    assert planted.found(name) == plain.found(name)


def test_how_soon_peers_answer_is_told_apart_from_the_team(planted: Frozen, plain: Frozen) -> None:
    one, other = planted.found("response"), plain.found("response")
    of_peers = [name for name in one if "peer" in name]
    of_team = [name for name in one if "team" in name]
    assert of_peers
    assert of_team
    assert [one[name] for name in of_team] != [other[name] for name in of_team]
