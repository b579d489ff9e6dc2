"""The instruments that come with the software: complete, worded where allowed, never changed."""

import hashlib
import tomllib

import pytest

from app.research.instruments import catalogue, unit_costs
from app.research.instruments.catalogue import FOLDER
from app.research.instruments.structure import ItemKind, LicenceKind, Method

CATALOGUE = catalogue.shipped()
RELEASED: dict[str, str] = tomllib.loads((FOLDER / "released.toml").read_text("utf-8"))["files"]
FILES = sorted(
    path
    for pattern in ("files/*.toml", "words/*/*.toml", "costs/*.csv")
    for path in FOLDER.glob(pattern)
)

WORDED = {"phq9", "gad7", "ons4", "ucla3", "core10"}
OURS = {"support", "values", "adverse", "services", "equality"}
LOCKED = {"swemwbs", "wemwbs", "reqol10"}


def test_all_are_there() -> None:
    assert {one.name for one in CATALOGUE.newest()} == WORDED | OURS | LOCKED


def test_locked_ones_come_without_a_word() -> None:
    restricted = {
        one.name for one in CATALOGUE.newest() if one.licence.kind is LicenceKind.RESTRICTED
    }
    assert restricted == LOCKED
    assert {words.instrument for words in CATALOGUE.wordings} == WORDED | OURS


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_released_file_never_changes(path: object) -> None:
    name = str(path.relative_to(FOLDER))  # type: ignore[attr-defined]
    found = hashlib.sha256(path.read_bytes()).hexdigest()  # type: ignore[attr-defined]
    assert name in RELEASED, f'Add to released.toml: "{name}" = "{found}"'
    assert RELEASED[name] == found, (
        f"{name} is released and has changed. A wave may have asked it: put it back as it was, and "
        "write the change as a new file with the next version."
    )


def test_no_released_file_is_gone() -> None:
    assert set(RELEASED) == {str(path.relative_to(FOLDER)) for path in FILES}


def test_what_asks_about_ending_ones_life_shows_help() -> None:
    helping = {
        item.name: item.shows_help
        for one in CATALOGUE.newest()
        for item in one.items
        if item.shows_help
    }
    assert helping == {"phq9_9": (1, 2, 3), "core10_6": (1, 2, 3, 4)}


def test_adverse_experiences_have_eastons_codes() -> None:
    (words,) = CATALOGUE.shipped(CATALOGUE.versions("adverse")[0])
    assert list(words.options["kinds"]) == ["1", "2", "3", "4", "5", "9"]


def test_the_six_values_are_each_asked_and_never_summed() -> None:
    values = CATALOGUE.versions("values")[0]
    asked = [item.name for item in values.items if item.kind is ItemKind.SINGLE]
    assert [score.items for score in values.scores] == [(name,) for name in asked]
    assert len(asked) == 6


def test_each_equality_question_that_falls_short_can_be_answered_in_own_words() -> None:
    equality = CATALOGUE.versions("equality")[0]
    own = {item.show_if.item for item in equality.items if item.show_if}
    falls_short = {item.name for item in equality.items if 8 in equality.codes(item)}
    assert own == falls_short
    assert len(own) == 4
    assert equality.scores == ()


def test_every_contact_has_a_price_with_its_source() -> None:
    services = CATALOGUE.versions("services")[0]
    (cost,) = [score for score in services.scores if score.method is Method.COST]
    for year in unit_costs.years():
        assert set(unit_costs.read(year).rows) == set(cost.items)
