"""The attack: against a published table with known bounds, and where the solver has to think."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.research.protection.audit import Attack, ContradictionError
from app.research.protection.figures import Figure
from app.research.protection.populations import Group, Population

SOURCE = Path(__file__).parents[2] / "data" / "disclosure" / "sdctable.json"
KNOWN: dict[str, Any] = json.loads(SOURCE.read_text())
SIZE = 4


def _told(low: int, high: int | None) -> Figure:
    return Figure(Population("2026-11"), low, low, high)


def _attack(*told: tuple[Group, int, int | None]) -> Attack:
    groups = [group for group, _, _ in told]
    atoms = 1 + max(atom for group in groups for atom in group)
    return Attack(atoms, groups, [_told(low, high) for _, low, high in told])


def _atom(name: str) -> int:
    return int(KNOWN["rows"].index(name[0]) * SIZE + KNOWN["columns"].index(name[1]))


def _sdctable(suppressed: list[str]) -> Attack:
    counts = [count for row in KNOWN["counts"] for count in row]
    every = range(SIZE * SIZE)
    lines = [frozenset(every[at * SIZE :][:SIZE]) for at in range(SIZE)]
    lines += [frozenset(every[at::SIZE]) for at in range(SIZE)]
    lines += [frozenset(every)]
    hidden = {_atom(name) for name in suppressed}
    lines += [frozenset({atom}) for atom in every if atom not in hidden]
    sums = [sum(counts[atom] for atom in line) for line in lines]
    return _attack(*((line, total, total) for line, total in zip(lines, sums, strict=True)))


def test_two_suppressions_in_each_line_still_tell_one_cell_of_sdctable_exactly() -> None:
    group = frozenset({_atom(KNOWN["attacked"])})
    attack = _sdctable(KNOWN["suppressed"])
    found = attack.bounds(group)
    assert (found.low, found.high) == (KNOWN["found"], KNOWN["found"])
    assert found.is_narrow
    assert not attack.is_wide(group)


def test_one_more_suppression_leaves_open_what_sdctable_says() -> None:
    group = frozenset({_atom(KNOWN["attacked"])})
    attack = _sdctable([*KNOWN["suppressed"], KNOWN["one_more"]])
    found = attack.bounds(group)
    assert [found.low, found.high] == KNOWN["then"]
    assert attack.is_wide(group)


def test_the_bounds_name_the_figures_that_they_rest_on() -> None:
    attack = _attack(
        (frozenset({0, 1}), 20, 20), (frozenset({1}), 17, 17), (frozenset({2}), 30, 30)
    )
    found = attack.bounds(frozenset({0}))
    assert (found.low, found.high, set(found.binding)) == (3, 3, {0, 1})


def test_a_figure_that_is_replaced_opens_what_it_closed() -> None:
    group = frozenset({0})
    attack = _attack((frozenset({0, 1}), 20, 20), (frozenset({1}), 17, 17))
    assert attack.bounds(group).is_narrow
    attack.replace(1, _told(10, None))
    found = attack.bounds(group)
    assert (found.low, found.high) == (0, 10)
    assert attack.is_wide(group)


def test_parts_of_persons_prove_nothing() -> None:
    """Three pairs of 11 at most have 16.5 people for a solver of halves, and 16 for the world."""
    pairs = [frozenset({0, 1}), frozenset({1, 2}), frozenset({0, 2})]
    attack = _attack(*((pair, 0, 11) for pair in pairs))
    everyone = frozenset({0, 1, 2})
    assert attack.bounds(everyone).high == 16
    assert attack._seen(everyone) == (0, 16)
    for world in attack._worlds:
        assert all(count == int(count) for count in world)


def test_a_solver_that_gives_up_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.research.protection.audit.optimize.milp", lambda *_, **__: _Nothing())
    pairs = [frozenset({0, 1}), frozenset({1, 2}), frozenset({0, 2})]
    attack = _attack(*((pair, 9, 11) for pair in pairs))
    attack.bounds(frozenset({0, 1, 2}))
    assert not attack.is_wide(frozenset({0, 1, 2}))


class _Nothing:
    x = None


def test_figures_that_cannot_all_be_true_are_refused() -> None:
    with pytest.raises(ContradictionError):
        _attack((frozenset({0, 1}), 10, 12), (frozenset({0}), 20, 22))


def test_one_look_around_proves_many_groups_at_once() -> None:
    cells = [frozenset({at}) for at in range(6)]
    attack = _attack((frozenset(range(6)), 58, 62), *((cell, 0, 30) for cell in cells))
    attack.look_around(cells)
    assert all(attack.is_wide(cell) for cell in cells)
    assert len(attack._worlds) < 2 * len(cells) + 4
