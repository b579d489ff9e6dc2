"""Measures of outcomes as they are declared: whole, and computed by the module of their name."""

from dataclasses import fields

import pytest

from app.research.answer_columns import FILES
from app.research.bands import AskedInstrument, Options
from app.research.inside_columns import FILES as INSIDE
from app.research.measures import catalogue, declared_experiences, declared_outcomes, wave_answers
from app.research.measures.dataset_frames import FileMissingError
from app.research.measures.definitions import MeasureDefinition, MeasureSource
from app.research.schedule import Schedule
from tests.research.measures.outcome_frames import frames, of_score, options

_ALL = (*declared_outcomes.ALL, *declared_experiences.ALL)
_KNOWN = {*FILES, *INSIDE, "acts", "community", "periods"}


@pytest.mark.parametrize("one", _ALL, ids=[one.name for one in _ALL])
def test_each_is_declared_whole(one: MeasureDefinition) -> None:
    assert catalogue.find(one.name) is one
    told = {field.name: getattr(one, field.name) for field in fields(one)}
    assert all(value for name, value in told.items() if name != "risk_set")
    assert set(one.needs) <= _KNOWN
    assert all(text.endswith(".") for text in (one.numerator, one.base, *one.left_out))
    assert one.question.endswith("?")


@pytest.mark.parametrize("one", _ALL, ids=[one.name for one in _ALL])
def test_each_says_which_file_is_missing(one: MeasureDefinition) -> None:
    """Asked for everything, a dataset without files can't tell any of them."""
    asked = options(*("phq9", "services", "adverse", "values"), scores=("phq9_total",))
    with pytest.raises(FileMissingError):
        one.compute(frames(asked))


def test_follow_up_comes_first() -> None:
    """SWEMWBS was insensitive in one trial with 13 % follow-up (Blenkiron 2019)."""
    assert _ALL[0].name == "follow_up"
    told = of_score("phq9_total", {1: [5.0, 6.0], 2: [4.0, "silent"]})
    parts = _ALL[0].compute(frames(options("phq9"), **told))
    assert parts[0].name == "follow_up_2"


def test_one_can_be_computed_from_the_file_that_leaves() -> None:
    banded = [one for one in _ALL if one.source is MeasureSource.BANDED]
    assert [(one.name, one.needs) for one in banded] == [("outcome_on_dose_banded", ("periods",))]


def test_a_score_is_repeated_that_the_first_wave_asks_and_a_later_one_asks_again() -> None:
    asked = (
        AskedInstrument("phq9", 1, (1, 3)),
        AskedInstrument("gad7", 1, (2, 3)),
        AskedInstrument("core10", 1, (1,)),
    )
    found = wave_answers.repeated(Options(schedule=Schedule((0, 84, 168)), asked=asked))
    assert [(score.name, waves) for score, _, waves in found] == [("phq9_total", [3])]
