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
    typed = f"P-{changed[:LENGTH]}-{changed[LENGTH:]}"
    assert (pseudonyms.read_back(typed) is None) == (changed != code)


@given(words, st.integers(0, LENGTH))
def test_every_swap_of_neighbours_is_found(word: str, place: int) -> None:
    code = _code(word)
    changed = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    typed = f"P-{changed[:LENGTH]}-{changed[LENGTH:]}"
    assert (pseudonyms.read_back(typed) is None) == (changed != code)


def test_what_is_drawn_can_be_read_back_as_people_type_it() -> None:
    for _ in range(200):
        drawn = pseudonyms.draw()
        assert pseudonyms.read_back(f" {drawn.lower()} ") == drawn


def test_letters_that_look_like_digits_are_taken_for_them() -> None:
    word = "0123A"
    typed = f"p-oi23a-{check_characters(word)}"
    assert pseudonyms.read_back(typed) == f"P-{word}-{check_characters(word)}"


@pytest.mark.parametrize(
    "typed", ["", "P", "P-", "Q-7K3QF-00", "P-7K3Q", "P-7K3Q!-00", "P-UUUUU-00"]
)
def test_anything_else_is_no_pseudonym(typed: str) -> None:
    assert pseudonyms.read_back(typed) is None


def test_two_draws_are_not_alike() -> None:
    assert len({pseudonyms.draw() for _ in range(500)}) > 495
