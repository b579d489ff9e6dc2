"""Written codes: random, and their check characters find what copying by hand gets wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import written_codes
from app.core.written_codes import ALPHABET, LENGTH, MODULUS, check_characters

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
        _, word, check = written_codes.draw("P").split("-")
        assert check == check_characters(word)


def test_two_draws_are_not_alike() -> None:
    assert len({written_codes.draw("P") for _ in range(500)}) > 495


@given(words, st.sampled_from(["", " ", "-", "\u2013"]), st.booleans(), st.booleans())
def test_a_code_is_read_however_it_was_typed(
    word: str, between: str, has_prefix: bool, is_small: bool
) -> None:
    parts = written_codes.written("C", word).split("-")
    typed = between.join(parts if has_prefix else parts[1:])
    typed = typed.lower() if is_small else typed
    assert written_codes.read("C", f" {typed} ") == written_codes.written("C", word)


@given(words)
def test_letters_that_look_like_figures_are_read_as_these(word: str) -> None:
    code = written_codes.written("C", word)
    typed = code.replace("0", "O").replace("1", "l")
    assert written_codes.read("C", typed) == code


@given(words, st.integers(0, LENGTH + 1), st.sampled_from(ALPHABET))
def test_a_code_with_a_wrong_character_is_none(word: str, place: int, wrong: str) -> None:
    letters = _code(word)
    changed = letters[:place] + wrong + letters[place + 1 :]
    assert (written_codes.read("C", changed) is None) == (changed != letters)


@pytest.mark.parametrize("typed", ["", "C", "C-7K3QF", "C-7K3QF-2XX", "P-ZZZ12-21", "é" * 7])
def test_what_is_no_code_of_this_kind_is_none(typed: str) -> None:
    assert written_codes.read("C", typed) is None
