"""Codes that people read, say and copy by hand: random, with two check characters.

`P-7K3QF-2X`: a letter that says what it names, five random characters, two that are computed.
"""

import re
from typing import Final

from app.core import ids

#: Crockford's base 32: no I, L, O or U, so that a code read aloud or copied by hand survives.
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH: Final = 5
#: A pure system in the manner of ISO/IEC 7064 (two check characters, the largest prime below
#: 32 squared): finds every single wrong character and every swap of two neighbours. python-stdnum
#: has the systems that the standard names, for 10, 36 or 37 characters; none gives two characters
#: of these 32, and the pseudonyms of years carry them, in datasets that have left.
MODULUS: Final = 1021
RADIX: Final = len(ALPHABET)
_BITS_A_CHARACTER: Final = 5
#: What is taken for what when a code is copied by hand: Crockford's base 32 leaves these out.
_ALIKE: Final = str.maketrans("OIL", "011")
_BETWEEN: Final = re.compile(r"[\s\-\u2010-\u2015]")


def draw(prefix: str) -> str:
    """A fresh code of this prefix, one letter."""
    word = "".join(ALPHABET[ids.random_bits(_BITS_A_CHARACTER)] for _ in range(LENGTH))
    return written(prefix, word)


def written(prefix: str, word: str) -> str:
    """The code of a word of `LENGTH` characters of the alphabet."""
    return f"{prefix}-{word}-{check_characters(word)}"


def check_characters(word: str) -> str:
    """Two characters c, d so that the word followed by them is 1 modulo MODULUS."""
    value = 0
    for character in word:
        value = (value * RADIX + ALPHABET.index(character)) % MODULUS
    check = (1 - value * RADIX * RADIX) % MODULUS
    return ALPHABET[check // RADIX] + ALPHABET[check % RADIX]


def read(prefix: str, typed: str) -> str | None:
    """The code that somebody typed, in its one spelling; None when it can't be one: a character is
    wrong, missing or swapped. Spaces, dashes and small letters are taken, and the prefix may be
    left out; O is read as 0, I and L as 1."""
    letters = _BETWEEN.sub("", typed).upper()
    if len(letters) == LENGTH + 3 and letters[0] == prefix:
        letters = letters[1:]
    letters = letters.translate(_ALIKE)
    word = letters[:LENGTH]
    if len(letters) != LENGTH + 2 or not set(letters) <= set(ALPHABET):
        return None
    return written(prefix, word) if check_characters(word) == letters[LENGTH:] else None
