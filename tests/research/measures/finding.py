"""Finding parts of what a measure returned, by name and type."""

from collections.abc import Iterable
from typing import TypeVar

from app.research.measures.results import Curve, Estimate, MeasurePart, PeopleShare, PeopleTable

Kind = TypeVar("Kind", Estimate, PeopleShare, PeopleTable, Curve)


def _part(kind: type[Kind], parts: Iterable[MeasurePart], name: str) -> Kind:
    (found,) = [one for one in parts if one.name == name]
    assert isinstance(found, kind)
    return found


def estimate(parts: Iterable[MeasurePart], name: str) -> Estimate:
    return _part(Estimate, parts, name)


def value(parts: Iterable[MeasurePart], name: str) -> float:
    """Of an estimate that has one."""
    found = estimate(parts, name).value
    assert found is not None
    return found


def share(parts: Iterable[MeasurePart], name: str) -> tuple[int, int]:
    """So many people of so many."""
    found = _part(PeopleShare, parts, name)
    return found.persons, found.of


def curve(parts: Iterable[MeasurePart], name: str) -> Curve:
    return _part(Curve, parts, name)


def cells(parts: Iterable[MeasurePart], name: str) -> dict[tuple[str, str], int]:
    """The cells of a table in which there is somebody."""
    found = _part(PeopleTable, parts, name)
    return {
        (row, column): count
        for (row, _), counts in zip(found.rows.places, found.persons, strict=True)
        for (column, _), count in zip(found.columns.places, counts, strict=True)
        if count
    }
