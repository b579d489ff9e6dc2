"""TableBlocks of tables: attacked apart, they leave open what they leave open together."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from app.research.measures.table_blocks import TableBlocks
from app.research.protection.audit import Attack
from app.research.protection.figures import Figure, counted
from app.research.protection.populations import Atoms, Population
from app.research.protection.rules import OUTSIDE

DOMAIN = dict.fromkeys("abcdef", frozenset("xy"))
ALL = Population("1")


def _table(fields: str) -> list[Population]:
    found = []
    for values in product("xy", repeat=len(fields)):
        one = ALL
        for field, value in zip(fields, values, strict=True):
            one = one.within(field, frozenset(value))
        found.append(one)
    return found


def _blocks(*tables: str, splits: bool = True) -> list[int]:
    """For each table the first one of its block."""
    told = [_table(fields) for fields in tables]
    blocks = TableBlocks([one for table in told for one in table], splits=splits)
    found = [blocks.of(table) for table in told]
    return [found.index(one) for one in found]


def test_tables_that_share_a_field_are_one_block() -> None:
    assert _blocks("ab", "cd", "e", "bc") == [0, 0, 2, 0]
    assert _blocks("ab", "cd") == [0, 1]


def test_all_can_be_one_block() -> None:
    assert _blocks("ab", "cd", "e", splits=False) == [0, 0, 0]


def test_who_has_no_field_has_no_block() -> None:
    assert TableBlocks([ALL, *_table("ab")]).of([ALL]) == ""


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.integers(0, 14), min_size=4, max_size=4),
    st.lists(st.integers(0, 14), min_size=4, max_size=4),
)
def test_blocks_leave_open_what_they_leave_open_together(here: list[int], there: list[int]) -> None:
    """Two tables of the same people, of which the exact number is granted."""
    there[0] += max(0, sum(here) - sum(there))
    here[0] += max(0, sum(there) - sum(here))
    tables = [
        [counted(*one, OUTSIDE) for one in zip(_table(fields), counts, strict=True)]
        for fields, counts in (("ab", here), ("cd", there))
    ]
    granted = Figure(ALL, None, sum(here), sum(here))
    together = [*tables[0], *tables[1], granted]
    for table in tables:
        for one in table:
            of = one.population
            assert _bounds([*table, granted], of) == _bounds(together, of, whole="abcd")


def _bounds(figures: list[Figure], of: Population, whole: str = "") -> tuple[int, int]:
    """Beside the atoms of the figures those of all fields of the `whole`."""
    told = [one.population for one in figures]
    atoms = Atoms(DOMAIN, [*told, *_table(whole)])
    assert atoms.links == []
    attack = Attack(atoms.count, [atoms.of(one) for one in told], figures)
    found = attack.bounds(atoms.of(of))
    return found.low, found.high
