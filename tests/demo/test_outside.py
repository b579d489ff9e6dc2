"""What everybody may see of a programme with an area of three people: nothing is told of it, and
all figures together leave open how many it has."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from app.demo.evaluation import places
from app.research.measures import catalogue, computing, kept_figures, outside
from app.research.measures.frames import Frames
from app.research.measures.kept_figures import KeptBase, KeptFigures
from app.research.measures.outside_tables import UNAUDITED
from app.research.measures.people_tables import answer_axis
from app.research.measures.shown_parts import ShownResult
from app.research.protection.audit import Attack
from app.research.protection.figures import Figure
from app.research.protection.populations import Atoms, Population
from app.research.protection.rules import LEAST_OPEN, LEAST_PERSONS
from tests.demo.evaluated import PLANTED, frozen
from tests.support import databases

CUT = "000001"
AXIS = answer_axis("area")
SMALL = str(places.REGIONS[places.SMALL])
LABEL = dict(AXIS.places)[SMALL]

Told = tuple[Sequence[ShownResult], KeptFigures]


@pytest.fixture(scope="module")
def url(postgres: str) -> Iterator[str]:
    made = databases.clone(postgres)
    yield made
    databases.drop(postgres, made)


@pytest.fixture(scope="module")
async def told(url: str, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """All that everybody may see, and what is kept of it."""
    made = await frozen(url, PLANTED)
    folder: Path = tmp_path_factory.mktemp("outside")
    paths = {name: folder / f"{name}.parquet" for name in made.files}
    for name, frame in made.files.items():
        frame.write_parquet(paths[name])
    frames = Frames(made.options, paths)
    found = list(computing.compute(frames, catalogue.ALL))
    results, figures = outside.protect(CUT, found)
    return results, kept_figures.read(figures)


def _parts(told: Told) -> list[dict[str, Any]]:
    return [part for one in told[0] for part in one.parts]


def test_every_table_could_be_audited_and_most_say_something(told: Told) -> None:
    parts = _parts(told)
    assert [part["name"] for part in parts if part["why"] == UNAUDITED] == []
    tables = [part for part in parts if part["kind"] == "table"]
    assert sum(not part["why"] for part in tables) > len(tables) / 2


def test_no_part_tells_anything_of_the_small_area(told: Told) -> None:
    lines = 0
    for part in _parts(told):
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
    assert lines > 10, "it was asked for"


def test_all_figures_together_leave_open_how_many_the_small_area_has(told: Told) -> None:
    """Everyone who is counted in one base, with all fields at once."""
    area = Population(CUT).within("area", frozenset({SMALL}))
    attacked = 0
    for base in told[1].bases.values():
        if any(field == "area" for one in base.figures for field, _ in one.population.conditions):
            low, high = _bounds(base, area)
            assert high - low + 1 >= LEAST_OPEN
            assert low < LEAST_PERSONS
            attacked += 1
    assert attacked > 1


def _bounds(base: KeptBase, of: Population) -> tuple[int, int]:
    figures = [*base.figures, Figure(Population(CUT), None, base.size, base.size)]
    told = [one.population for one in figures]
    domain = _domain(told)
    atoms = Atoms(domain, told)
    attack = Attack(atoms.count, [atoms.of(one) for one in told], figures, atoms.links)
    found = attack.bounds(atoms.of(of))
    return found.low, found.high


def _domain(told: Sequence[Population]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {"area": frozenset(value for value, _ in AXIS.places)}
    for one in told:
        for field, values in one.conditions:
            found[field] = found.get(field, frozenset()) | values
    return found
