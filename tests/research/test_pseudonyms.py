"""Pseudonyms: random, and their check characters find what copying by hand gets wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.identity import pseudonyms
from app.identity.pseudonyms import ALPHABET, LENGTH, MODULUS, check_characters

words = st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH)


def _code(word: str) -> str:
    return word + check_characters(word)


def _value(code: str) -> int:
    value = 0
    for character in code:
        value = value * 32 + ALPHABET.index(character)
    return value % MODULUS


@given(words)
def test_a_code_with_its_check_is_one_modulo_the_prime(word: str) -> None:
    assert _value(_code(word)) == 1


@given(words, st.integers(0, LENGTH + 1), st.sampled_from(ALPHABET))
def test_every_single_wrong_character_is_found(word: str, place: int, wrong: str) -> None:
    code = _code(word)
    changed = code[:place] + wrong + code[place + 1 :]
    assert (_value(changed) == 1) == (changed == code)


@given(words, st.integers(0, LENGTH))
def test_every_swap_of_neighbours_is_found(word: str, place: int) -> None:
    code = _code(word)
    changed = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert (_value(changed) == 1) == (changed == code)


@pytest.mark.parametrize(
    "drawn", ["P-ZZZ12-21", "P-3K3PM-D1", "P-GAPXT-R8", "P-GFDVS-KS", "P-8K9Z6-DB"]
)
def test_pseudonyms_of_the_release_before_stay_valid(drawn: str) -> None:
    _, word, check = drawn.split("-")
    assert check_characters(word) == check


def test_what_is_drawn_holds_its_check() -> None:
    for _ in range(200):
        _, word, check = pseudonyms.draw().split("-")
        assert check == check_characters(word)


def test_two_draws_are_not_alike() -> None:
    assert len({pseudonyms.draw() for _ in range(500)}) > 495
