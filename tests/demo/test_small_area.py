"""What everybody may see of a programme with an area of three people: nothing is told of it, in
figures, in editions or beside an earlier dataset, and all figures together leave open how many it
has."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from app.demo.evaluation import places
from app.research.charts.figure_words import HELD_BACK, sentence_case
from app.research.demographics import Area
from app.research.documents import figures
from app.research.documents.edition_kinds import EditionKind
from app.research.measures import kept_figures
from app.research.measures.dataset_frames import Frames
from app.research.measures.kept_figures import KeptBase
from app.research.measures.outside_tables import UNAUDITED
from app.research.measures.people_tables import answer_axis
from app.research.protection.audit import Attack
from app.research.protection.figures import Figure
from app.research.protection.populations import Atoms, Population
from app.research.protection.rules import LEAST_OPEN, LEAST_PERSONS
from app.research.special_codes import NOT_ANSWERED
from tests.demo.evaluated import CUT, Frozen, told
from tests.demo.reports import Edition, editions

AXIS = answer_axis("area")
AREA = places.REGIONS[places.SMALL]
LABEL = dict(AXIS.places)[AREA]
BEFORE = "000000"


@pytest.fixture(scope="module")
def read(planted: Frozen) -> Mapping[EditionKind, Edition]:
    """Every edition."""
    return editions(planted.told.results)


def test_every_table_could_be_audited_and_most_say_something(planted: Frozen) -> None:
    parts = planted.told.parts.values()
    assert [part["name"] for part in parts if part["why"] == UNAUDITED] == []
    tables = [part for part in parts if part["kind"] == "table"]
    assert sum(not part["why"] for part in tables) > len(tables) / 2


def test_no_figure_tells_anything_of_the_small_area(planted: Frozen) -> None:
    assert _held_back(planted.told.parts.values()) > 10, "it was asked for"


def _held_back(parts: Iterable[dict[str, Any]]) -> int:
    """How often the small area is named; nothing is told of it."""
    lines = 0
    for part in parts:
        if part["kind"] == "estimate" and part["label"].endswith(f", {LABEL}"):
            assert part["value"] is None
            lines += 1
        if part["kind"] != "table":
            continue
        if LABEL in part["rows"]:
            at = part["rows"].index(LABEL)
            assert {part["row_totals"][at], *part["cells"][at]} == {None}
            lines += 1
        if LABEL in part["columns"]:
            at = part["columns"].index(LABEL)
            assert {part["column_totals"][at], *(row[at] for row in part["cells"])} == {None}
            lines += 1
    return lines


@pytest.mark.parametrize("kind", EditionKind)
def test_no_edition_tells_anything_of_the_small_area(
    read: Mapping[EditionKind, Edition], kind: EditionKind
) -> None:
    edition = read[kind]
    for table in edition.tables:
        assert LABEL not in table.caption
        if table.leads_to:
            continue  # an index has names alone
        for line in (*table.rows, *zip(table.head, *table.rows, strict=True)):
            if any(LABEL in cell for cell in line):
                assert _says_nothing(line), (table.caption, line)
    named = [line for line in edition.lines if LABEL in line and " | " not in line]
    assert all(line.startswith("Nothing may be shown of") for line in named)
    assert len(named) == (kind == EditionKind.AREA_SHEETS)
    assert (LABEL in edition.page) == (kind in (EditionKind.AREA_SHEETS, EditionKind.FULL_REPORT))


def _says_nothing(line: Sequence[str]) -> bool:
    """Only what it is of, that it is held back, and why."""
    told = [cell for cell in line if LABEL not in cell and cell != ""]
    return all(cell == HELD_BACK or not any(one.isdigit() for one in cell) for cell in told)


def test_a_number_written_into_a_text_tells_nothing_of_it_either(planted: Frozen) -> None:
    """Whatever name a researcher writes, the sentence, the number and the large number are those
    of what everybody may see."""
    known = figures.all_of(planted.told.results).values()
    of_it = [one for one in known if one.label.endswith(f", {LABEL}")]
    assert of_it
    for one in of_it:
        assert (one.inline, one.key) == ("", HELD_BACK)
        assert one.sentence == f"{sentence_case(one.label)}: {HELD_BACK}. {one.why}"


def test_every_number_of_the_editions_is_a_figure_that_was_audited(
    planted: Frozen, read: Mapping[EditionKind, Edition]
) -> None:
    """So that whoever reads all of them knows no more than whoever has all figures."""
    known = planted.told.parts.keys()
    shown = {name for one in read.values() for name in one.figures}
    assert len(shown) > 500
    assert shown <= known


def test_all_figures_together_leave_open_how_many_the_small_area_has(planted: Frozen) -> None:
    """Everyone who is counted in one base, with all fields at once."""
    attacked = 0
    for base in kept_figures.read(planted.told.figures).bases.values():
        if _knows_areas(base):
            low, high = _bounds([base], CUT)
            assert high - low + 1 >= LEAST_OPEN
            assert low < LEAST_PERSONS
            attacked += 1
    assert attacked > 1


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(list(Area).index(AREA) + 1, id="of the area"),
        # Where others join, what is held back beside the area is chosen anew: without an audit of
        # both datasets together the two of them tell that nobody joined there.
        pytest.param(NOT_ANSWERED, id="who names none"),
    ],
)
def test_a_person_who_joins_between_two_datasets_gives_nothing_away_of_the_area(
    planted: Frozen, tmp_path: Path, code: int
) -> None:
    """Who joined, by area and more, is asked of the same people at each."""
    first = told(_without_one(planted, tmp_path, code), "reach", cut=BEFORE)
    second = told(planted.frames, "reach", before=[first])
    assert _held_back([*first.parts.values(), *second.parts.values()]) >= 2
    attacked = 0
    kept = [kept_figures.read(one.figures).bases for one in (first, second)]
    for name in kept[0].keys() & kept[1].keys():
        both = [bases[name] for bases in kept]
        if not any(map(_knows_areas, both)):
            continue
        assert both[1].size == both[0].size + 1
        for cut in (BEFORE, CUT):
            low, high = _bounds(both, cut)
            assert high - low + 1 >= LEAST_OPEN
            assert low < LEAST_PERSONS
        assert _bounds(both, CUT, BEFORE) == (0, 1), "who joined may live anywhere"
        attacked += 1
    assert attacked > 0


def _without_one(planted: Frozen, folder: Path, code: int) -> Frames:
    """The files of a dataset that was frozen before one with this area joined."""
    one = planted.files["people"].filter(pl.col("area") == code).get_column("participant")[0]
    paths = {name: folder / f"{name}.parquet" for name in planted.files}
    for name, frame in planted.files.items():
        has_people = "participant" in frame.columns
        kept = frame.filter(pl.col("participant") != one) if has_people else frame
        kept.write_parquet(paths[name])
    return Frames(planted.options, paths)


def _knows_areas(base: KeptBase) -> bool:
    return any(field == "area" for one in base.figures for field, _ in one.population.conditions)


def _bounds(bases: Sequence[KeptBase], cut: str, but: str = "") -> tuple[int, int]:
    """What all figures of some people leave open of how many of them are of the small area, without
    those who were there at another cut."""
    known = [Figure(Population(one.cut), None, one.size, one.size) for one in bases]
    known += [figure for one in bases for figure in one.figures]
    populations = [one.population for one in known]
    atoms = Atoms(_domain(populations), populations)
    attack = Attack(atoms.count, [atoms.of(one) for one in populations], known, atoms.links)
    here, before = (
        atoms.of(Population(one).within("area", frozenset({str(AREA)}))) if one else frozenset()
        for one in (cut, but)
    )
    found = attack.bounds(here - before)
    return found.low, found.high


def _domain(told: Sequence[Population]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {"area": frozenset(value for value, _ in AXIS.places)}
    for one in told:
        for field, values in one.conditions:
            found[field] = found.get(field, frozenset()) | values
    return found
