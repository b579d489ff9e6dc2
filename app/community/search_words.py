"""The words of a text as search keeps them, and what someone asks for in the same words.

No word is too small: "not again" and "why me" are what people look for here. Written alike are
words with and without accents, "can't" and "can’t" and "cant", and what stands together without
spaces ("sleep/mood", an address) is the words in it. A text is read twice where a word of it can
be read in parts or as one ("e-mail", "116 123"): first all in parts, then all as one.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final
from uuid import UUID

from app.community import spelling
from app.core.scripts import is_wide

#: Words in a row, and alone as a row of one.
Row = tuple[str, ...]
#: What may be said in one of several ways, each of which is rows that must all be there.
Ways = tuple[tuple[Row, ...], ...]

#: How both sides are made into lexemes (migration `community_0003`): English stems, every word.
CONFIGURATION: Final = "community.every_word"
#: What PostgreSQL can index of a word is bounded, and nobody types so much to find one.
_LONGEST: Final = 60
#: Between a note and the text behind it, and between two readings, so that no phrase runs from one
#: into the other: longer than any word that is looked for.
BREAK: Final = "note" * 16


def words(source: str, note_about: str | None = None) -> str:
    """Every word of a text, in order, apart by spaces; of its content note as well. Both once more
    as one when that is another reading."""
    texts = [source] if note_about is None else [note_about, source]
    units = [list(spelling.units(one)) for one in texts]
    said = [list(_in_parts(one)) for one in units]
    if any("_" in unit for one in units for unit in one):
        said += [list(_as_one(one)) for one in units]
    return f" {BREAK} ".join(" ".join(one) for one in said)


def words_in(source: str) -> Row:
    """The words in parts as a sequence: for a piece of a text."""
    return tuple(_in_parts(spelling.units(source)))


def readings(source: str) -> tuple[list[tuple[Row, Row]], bool]:
    """The words of a text, each in parts and as one, and whether that differs for any."""
    units = list(spelling.units(source))
    both = [(tuple(_in_parts([unit])), tuple(_as_one([unit]))) for unit in units]
    return both, any("_" in unit for unit in units)


def asked(query: str) -> str:
    """What someone looks for, for to_tsquery: any input gives a query, if an empty one.

    Quotes keep words together and a minus leaves out, as usual; "or" is a word like another.
    """
    return " & ".join(f"{'!' * minus}({_one_of(ways)})" for minus, ways in _groups(query))


def sought(query: str) -> list[Ways]:
    """What a text is to hold for such a query."""
    return [ways for minus, ways in _groups(query) if not minus]


def _one_of(ways: Ways) -> str:
    return " | ".join(" & ".join(" <-> ".join(row) for row in rows) for rows in ways)


_QUOTES = re.compile("[“”„‟«»＂]")
#: A minus before a digit is a sign: "-5".
_PART = re.compile(r'(?P<minus>(?<!\S)-(?![-\d]))?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
#: The begin of an address, which its bar shows and people leave out.
_SCHEME = re.compile(r"\s*[(<\[]*(?:https?://(?:www\.)?|www\.)(?=[^\W_])", re.IGNORECASE)
#: The parts of a decimal or of a time belong together: "7.5mg", "3:30".
_DECIMAL = re.compile(r"\W*\d+(?:[.:]\d+)+[^\W\d_]*\W*")


def _groups(query: str) -> list[tuple[bool, Ways]]:
    """What is asked for and what is to be left out. Where nothing is asked for but that something
    be left out, it is what is looked for: nobody wants all the rest."""
    found = list(_parts(spelling.with_numbers_joined(_QUOTES.sub('"', query))))
    is_only_minus = all(minus for minus, _ in found)
    return [(minus and not is_only_minus, ways) for minus, ways in found]


def _parts(query: str) -> Iterator[tuple[bool, Ways]]:
    for part in _PART.finditer(query):
        said = part["phrase"] or part["word"] or ""
        units = list(
            spelling.units(_SCHEME.sub("", said, count=1) if _SCHEME.match(said) else said)
        )
        if not units:
            continue
        minus = bool(part["minus"])
        if part["word"] is None or minus or _is_together(said):
            yield minus, _either((tuple(_in_parts(units)),), tuple(_as_one(units)))
            continue
        for unit in units:
            row = tuple(_in_parts([unit]))
            is_number = "_" in unit and all(word.isdecimal() for word in row)
            apart = tuple((word,) for word in row) if is_number else (row,)
            yield minus, _either(apart, tuple(_as_one([unit])))


def _is_together(said: str) -> bool:
    return any(map(is_wide, said)) or _DECIMAL.fullmatch(said) is not None


def _either(apart: tuple[Row, ...], as_one: Row) -> Ways:
    return (apart,) if apart == (as_one,) else (apart, (as_one,))


def _in_parts(units: Iterable[str]) -> Iterator[str]:
    return (_plain(part) for unit in units for part in spelling.parts(unit))


def _as_one(units: Iterable[str]) -> Iterator[str]:
    return (_plain(part) for unit in units for part in spelling.parts(unit.replace("_", "")))


def _plain(word: str) -> str:
    if word.isascii():
        return word[:_LONGEST]
    return "u" + "".join(f"{ord(letter):x}" for letter in word[:_LONGEST])


_UUID = "([0-9a-f-]{36})"
_OURS = re.compile(
    rf"/threads/{_UUID}(?![\w-])(?:(?:[/?][^#\s]*?)?(?:#|%23)post-{_UUID}(?![\w-]))?", re.IGNORECASE
)


def post_at(query: str) -> UUID | None:
    """The post that an address of ours leads to, when someone pasted one."""
    found = _OURS.search(query)
    if found is None:
        return None
    try:
        return UUID(found[2] or found[1])
    except ValueError:
        return None
