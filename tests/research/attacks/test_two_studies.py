"""One person under two pseudonyms."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from app.research.attacks import two_studies, wall
from app.research.attacks.outgoing import Outgoing
from app.research.attacks.wall_match import Truth
from tests.research.attacks.factories import (
    FROZEN,
    RANGES,
    acts_of,
    periods,
    random_wall,
    renamed,
    truth,
)


@settings(max_examples=10)
@given(st.integers(0, 10_000))
def test_exact_acts_link_almost_everyone(seed: int) -> None:
    random = Random(seed)
    seen = wall.from_shown(random_wall(random, members=10, texts=250))
    numbers = [one.int - 1 for one in seen.members][:8]
    one = truth({number: random.randrange(30) for number in numbers})
    two = truth({number: random.randrange(30) for number in numbers})
    other, other_truth = renamed(acts_of(seen, two), two)
    found = two_studies.attack(acts_of(seen, one), other, (one, other_truth))
    present = set(other.participants)
    assert found.of == sum(f"Q{name}" in present for name in acts_of(seen, one).participants)
    assert found.named >= found.of - 2
    assert found.is_refused


def people(*codes: dict[str, int]) -> Outgoing:
    return periods(*({"participant": f"P{n}", "period": 1} | row for n, row in enumerate(codes)))


def test_a_rare_answer_links_and_a_common_one_does_not() -> None:
    file = people(*({"area": 1, "giving": 1} for _ in range(5)), {"area": 2, "giving": 1})
    known = truth(dict.fromkeys(range(6), 0))
    other, other_truth = renamed(file, known)
    found = two_studies.attack(file, other, (known, other_truth))
    assert (found.named, found.of, found.by_chance) == (1, 6, 1.0)
    assert not found.is_refused
    assert "drawing among the likest finds 2.0" in found.note


def test_bands_link_those_who_do_much() -> None:
    file = people({"giving": 3}, {"giving": 0}, {"giving": 1})
    known = truth(dict.fromkeys(range(3), 0))
    other, other_truth = renamed(file, known)
    assert two_studies.attack(file, other, (known, other_truth)).named == 3


def test_what_is_withheld_or_not_answered_links_nobody() -> None:
    file = people({"area": -9, "giving": -8}, {"area": -8, "giving": -8})
    known = truth({0: 0, 1: 0})
    other, other_truth = renamed(file, known)
    found = two_studies.attack(file, other, (known, other_truth))
    assert (found.named, found.of) == (0, 2)
    assert "finds 1.0" in found.note


def test_an_answer_that_changed_costs_but_does_not_exclude() -> None:
    file = people({"area": 1, "age_band": 2, "giving": 3}, {"area": 2, "age_band": 1, "giving": 0})
    moved = people({"area": 3, "age_band": 2, "giving": 3}, {"area": 2, "age_band": 1, "giving": 0})
    known = truth({0: 0, 1: 0})
    other, other_truth = renamed(moved, known)
    assert two_studies.attack(file, other, (known, other_truth)).named == 2


def test_files_with_nothing_in_common_or_nobody_in_them_link_nobody() -> None:
    file, known = people({"giving": 1}), truth({0: 0})
    empty = Outgoing("periods", file.frame.clear(), FROZEN, RANGES)
    found = two_studies.attack(file, empty, (known, known))
    assert (found.named, found.of, found.is_refused) == (0, 0, False)
    assert two_studies.link(file, empty) == {"P0": []}
    assert two_studies.link(empty, file) == {}
    exact = acts_of(wall.from_shown(random_wall(Random(3))), truth({0: 0}))
    assert set(two_studies.link(exact, file)) == {"P0"}


def test_someone_erased_in_one_of_them_is_not_scored() -> None:
    file, known = people({"giving": 1}, {"giving": 3}), truth({0: 0, 1: 0})
    other, other_truth = renamed(file, known)
    left = Truth({"QP1": other_truth.members["QP1"]}, other_truth.enrolled)
    assert two_studies.attack(file, other, (known, left)).of == 1
