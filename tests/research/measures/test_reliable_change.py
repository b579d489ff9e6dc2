"""Reliable change: declared, computed from what is published, or not told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.research.instruments import catalogue, wording_access
from app.research.instruments.structure import Score
from app.research.measures.reliabilities import PUBLISHED
from app.research.measures.reliable_change import Threshold, threshold


def _score(instrument: str, name: str) -> Score:
    return {score.name: score for score in wording_access.find(instrument).scores}[name]


def _found(instrument: str, name: str, deviation: float) -> Threshold:
    found = threshold(_score(instrument, name), deviation)
    assert found is not None
    return found


def test_what_an_instrument_declares_counts_whatever_the_spread() -> None:
    found = _found("phq9", "phq9_total", 3.0)
    assert (found.least, found.is_included) == (6, True)
    assert [found.direction(change, "worse") for change in (-6, -5.9, 0, 5, 6)] == [
        "improved",
        "unchanged",
        "unchanged",
        "unchanged",
        "worsened",
    ]


def test_what_is_published_is_put_into_points_by_the_spread() -> None:
    """By hand: 1.96 × 7.7 × √(2 × (1 - 0.90)) = 6.749, of primary care (Connell and Barkham 2007:
    standard deviation 7.7); the manual tells 6 for 90 %, and 1.645 in place of 1.96 gives 5.66."""
    found = _found("core10", "core10_total", 7.7)
    assert found.least == pytest.approx(6.7493, abs=1e-4)
    assert found.least * 1.645 / 1.96 == pytest.approx(5.66, abs=5e-3)
    assert found.direction(-6.7, "worse") == "unchanged"
    assert found.direction(-6.8, "worse") == "improved"
    assert "Barkham" in found.citation


def test_a_change_of_just_the_computed_size_is_not_reliable() -> None:
    found = _found("wemwbs", "wemwbs_total", 10.0)
    assert found.direction(found.least, "better") == "unchanged"
    assert found.direction(-found.least - 0.01, "better") == "worsened"


def test_nothing_is_told_without_a_published_figure_or_without_spread() -> None:
    assert threshold(_score("support", "support_given"), 5.0) is None
    assert threshold(_score("ucla3", "ucla3_total"), 1.5) is None
    assert threshold(_score("core10", "core10_total"), 0.0) is None


def test_each_published_figure_is_of_a_score_that_declares_none() -> None:
    scores = {
        score.name: score
        for name in ("core10", "wemwbs")
        for score in catalogue.shipped().versions(name)[0].scores
    }
    assert all(scores[name].reliable_change is None for name in PUBLISHED)
    assert all(scores[name].higher_is != "more" for name in PUBLISHED)
    assert all(0.7 < one.alpha < 1 and "doi:" in one.citation for one in PUBLISHED.values())


@given(change=st.floats(-40, 40), least=st.floats(0.1, 20), is_included=st.booleans())
def test_a_change_and_its_opposite_are_told_as_opposites(
    change: float, least: float, is_included: bool
) -> None:
    found = Threshold(least, is_included, "")
    opposite = {"improved": "worsened", "worsened": "improved", "unchanged": "unchanged"}
    there = found.direction(change, "better")
    assert found.direction(-change, "better") == opposite[there]
    assert found.direction(change, "worse") == opposite[there]
