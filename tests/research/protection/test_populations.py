"""Who is counted, in atoms."""

import pytest

from app.research.protection.populations import Atoms, Population, TooManyAtomsError

DOMAIN = {"area": frozenset("abcd"), "sex": frozenset("fmx")}
ALL = Population("2026-11")


def _area(names: str) -> Population:
    return ALL.within("area", frozenset(names))


def test_values_that_are_always_named_together_are_one_atom() -> None:
    assert Atoms(DOMAIN, [ALL]).count == 1
    assert Atoms(DOMAIN, [ALL, _area("ab")]).count == 2
    assert Atoms(DOMAIN, [_area("ab"), _area("bc")]).count == 4
    assert Atoms(DOMAIN, [_area("a"), ALL.within("sex", frozenset("f"))]).count == 4


def test_the_same_people_have_the_same_atoms_however_they_are_named() -> None:
    atoms = Atoms(
        DOMAIN, [ALL, _area("abcd"), _area("ab"), _area("abc").within("area", DOMAIN["area"])]
    )
    assert atoms.of(ALL) == atoms.of(_area("abcd"))
    assert atoms.of(_area("ab").within("area", frozenset("abc"))) == atoms.of(_area("ab"))
    assert atoms.of(_area("ab")) < atoms.of(_area("abc")) < atoms.of(ALL)


def test_who_comes_between_two_cuts_or_leaves_is_an_atom_of_their_own() -> None:
    later = Population("2027-05")
    atoms = Atoms(DOMAIN, [ALL, later])
    assert atoms.count == 2
    assert atoms.of(ALL) < atoms.of(later)
    atoms = Atoms(DOMAIN, [ALL, later], has_leavers=True)
    assert atoms.count == 3
    assert len(atoms.of(ALL) & atoms.of(later)) == 1
    assert len(atoms.of(ALL) - atoms.of(later)) == 1
    assert len(atoms.of(later) - atoms.of(ALL)) == 1


def test_atoms_do_not_depend_on_the_order_of_populations() -> None:
    populations = [_area("ab"), _area("c"), ALL.within("sex", frozenset("f")), Population("2027")]
    one, other = Atoms(DOMAIN, populations), Atoms(DOMAIN, reversed(populations))
    assert [one.of(each) for each in populations] == [other.of(each) for each in populations]


def test_people_are_not_divided_without_end() -> None:
    domain = {"area": frozenset(map(str, range(200))), "day": frozenset(map(str, range(200)))}
    each = [
        ALL.within("area", frozenset({area})).within("day", frozenset({day}))
        for area, day in zip(*domain.values(), strict=True)
    ]
    with pytest.raises(TooManyAtomsError):
        Atoms(domain, each)
