"""When a finding is too much, and how it is told."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.research.attacks import findings
from app.research.attacks.findings import Finding, at_least


@pytest.mark.parametrize(
    ("named", "of", "is_refused"),
    [(0, 0, False), (0, 75, False), (7, 75, False), (8, 75, True), (1, 5, True), (1, 10, False)],
)
def test_the_wall_may_name_one_writer_in_ten(named: int, of: int, is_refused: bool) -> None:
    assert Finding("wall_match", named, of, 0.4).is_refused is is_refused


@pytest.mark.parametrize(
    ("named", "of", "by_chance", "is_refused"),
    [
        (0, 0, 0.0, False),
        (0, 50, 1.0, False),
        (1, 50, 1.0, False),
        (4, 50, 1.0, False),
        (5, 50, 1.0, True),
        (1, 50, 0.0, True),
        (50, 50, 50.0, False),
    ],
)
def test_every_other_attack_may_do_as_well_as_guessing(
    named: int, of: int, by_chance: float, is_refused: bool
) -> None:
    assert Finding("two_studies", named, of, by_chance).is_refused is is_refused


def test_an_attack_that_measured_its_luck_is_judged_by_that() -> None:
    assert Finding("joins", 9, 80, 1.0, p_value=0.005).is_refused
    assert not Finding("joins", 9, 80, 1.0, p_value=0.05).is_refused


@given(st.integers(1, 60), st.floats(0.01, 0.99), st.integers(0, 60))
def test_the_tail_is_the_binomials(tries: int, chance: float, hits: int) -> None:
    summed = sum(
        math.comb(tries, k) * chance**k * (1 - chance) ** (tries - k)
        for k in range(hits, tries + 1)
    )
    assert at_least(hits, tries, chance) == pytest.approx(summed, abs=1e-9)


def test_the_tail_at_its_ends() -> None:
    assert at_least(1, 5, 0.0) == 0.0
    assert at_least(5, 5, 1.0) == 1.0
    assert at_least(0, 0, 0.0) == 1.0
    assert 0 <= at_least(3_000, 10_000, 0.3) <= 1


def test_the_table_has_a_line_for_each_and_says_which_is_refused() -> None:
    found = [Finding("wall_match", 75, 75, 0.41, "all"), Finding("ids", 0, 2, 0.0)]
    head, *rows = findings.lines(found)
    assert head.split() == ["attack", "named", "of", "by", "chance"]
    assert rows[0].split() == ["wall_match", "75", "75", "0.4", "REFUSED", "all"]
    assert rows[1].split() == ["ids", "0", "2", "0.0", "ok"]
    assert findings.is_refused(found)
    assert not findings.is_refused(found[1:])


def test_what_is_kept_says_for_each_whether_it_is_refused() -> None:
    kept = findings.as_json([Finding("wall_match", 1, 75, 0.4, "few")])
    assert kept == [
        {
            "name": "wall_match",
            "named": 1,
            "of": 75,
            "by_chance": 0.4,
            "note": "few",
            "p_value": None,
            "is_refused": False,
        }
    ]
