"""Figures that are kept for the audit of what a study releases next, as JSON. They are exact."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.research.protection.figures import Figure
from app.research.protection.populations import Population


@dataclass(frozen=True, slots=True)
class KeptBase:
    """How many people a base had at a cut, and all figures of them."""

    cut: str
    size: int
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class KeptFigures:
    """Of one evaluation: its bases by name, and on how many people each estimate and curve rests
    that was told, by `measure.part`."""

    bases: Mapping[str, KeptBase]
    persons: Mapping[str, int]


def written(kept: KeptFigures) -> dict[str, Any]:
    """The same as JSON."""
    return {
        "bases": {name: _written(one) for name, one in kept.bases.items()},
        "persons": dict(kept.persons),
    }


def read(kept: Mapping[str, Any]) -> KeptFigures:
    """What was written."""
    return KeptFigures({name: _read(one) for name, one in kept["bases"].items()}, kept["persons"])


def _written(base: KeptBase) -> dict[str, Any]:
    figures = [
        [
            sorted([field, sorted(values)] for field, values in one.population.conditions),
            one.value,
            one.low,
            one.high,
        ]
        for one in base.figures
    ]
    return {"cut": base.cut, "size": base.size, "figures": figures}


def _read(base: Mapping[str, Any]) -> KeptBase:
    figures = [
        Figure(
            Population(
                base["cut"],
                frozenset((field, frozenset(values)) for field, values in conditions),
            ),
            *told,
        )
        for conditions, *told in base["figures"]
    ]
    return KeptBase(base["cut"], base["size"], tuple(figures))
