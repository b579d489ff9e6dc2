"""Cliques of fields: an attack on them finds what an attack on the product of all fields finds."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.research.protection import cliques
from app.research.protection.audit import Attack
from app.research.protection.figures import Figure, counted
from app.research.protection.populations import Atoms, Population
from app.research.protection.rules import OUTSIDE

VALUES = frozenset("xy")
FIELDS = "abcd"
DOMAIN = dict.fromkeys(FIELDS, VALUES)
ALL = Population("2026-11")


def _of(fields: str, values: str) -> Population:
    found = ALL
    for field, value in zip(fields, values, strict=True):
        found = found.within(field, frozenset(value))
    return found


def _every(fields: str) -> list[Population]:
    """Everyone by all values of these fields."""
    return [_of(fields, "".join(values)) for values in product("xy", repeat=len(fields))]


def _figures(world: np.ndarray, tables: list[str]) -> list[Figure]:
    """The figures of tables of people, who are counted by all fields."""
    told = [ALL, *(one for fields in tables for part in (fields, *fields) for one in _every(part))]
    return [counted(one, _count(world, one), OUTSIDE) for one in dict.fromkeys(told)]


def _count(world: np.ndarray, population: Population) -> int:
    values = dict(population.conditions)
    place = tuple(
        slice(None) if field not in values else "xy".index(min(values[field])) for field in FIELDS
    )
    return int(world[place].sum())


def _bounds(atoms: Atoms, figures: list[Figure], population: Population) -> tuple[int, int]:
    groups = [atoms.of(one.population) for one in figures]
    found = Attack(atoms.count, groups, figures, atoms.links).bounds(atoms.of(population))
    return found.low, found.high


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(0, 14), min_size=16, max_size=16),
    st.sampled_from(
        [["ab", "bc"], ["ab", "bc", "cd"], ["ab", "ac", "ad"], ["ab", "cd"], ["ab", "bc", "ac"],
         ["ab", "bc", "cd", "ad"], ["abc", "cd"]]
    ),
)  # fmt: skip
def test_cliques_leave_open_what_the_product_of_all_fields_leaves_open(
    counts: list[int], tables: list[str]
) -> None:
    figures = _figures(np.array(counts).reshape(2, 2, 2, 2), tables)
    told = [one.population for one in figures]
    apart = Atoms(DOMAIN, told)
    whole = Atoms(DOMAIN, [*told, *_every(FIELDS)])
    assert whole.links == []
    for fields in tables:
        for one in _every(fields):
            assert _bounds(apart, figures, one) == _bounds(whole, figures, one)


def test_a_chain_of_tables_has_the_atoms_of_each_and_not_of_all() -> None:
    atoms = Atoms(DOMAIN, [*_every("ab"), *_every("bc"), *_every("cd")])
    assert atoms.count == 4 + 4 + 4
    assert len(atoms.links) == 2 + 2


def test_a_circle_gets_a_shortcut() -> None:
    edges = [(FIELDS[at], FIELDS[(at + 1) % 4]) for at in range(4)]
    found, joins = cliques.tree(edges, dict.fromkeys(FIELDS, 2))
    assert [len(one) for one in found] == [3, 3]
    assert len(joins) == 1


@pytest.mark.parametrize("tables", [["ab"], ["ab", "cd"]])
def test_tables_without_a_common_field_are_joined_by_how_many_there_are(tables: list[str]) -> None:
    atoms = Atoms(DOMAIN, [one for fields in tables for one in _every(fields)])
    assert atoms.count == 4 * len(tables)
    assert [len(a) + len(b) for a, b in atoms.links] == [8] * (len(tables) - 1)
