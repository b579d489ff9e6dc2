"""Words as people spell them, made alike: letters, apostrophes, hyphens, and digits in groups.

What one person writes as one word another writes in parts: "e-mail", "B.P.D.", "116 123". Such a
word comes as its parts with `_` between them, for search to read it both ways. PostgreSQL only
stems what comes from here, so nothing hangs on how its parser or its locale see a sign.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from app.core.scripts import is_wide

#: Letters that are no base with an accent to Unicode, but are typed without by those who can't, or
#: otherwise on another keyboard (yeh, kaf and heh of Arabic, Persian and Urdu). `_` parts words
#: until it stands for what may join them.
_PLAIN: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
    | {"μ": "u", "_": " ", "\u2010": "-"}
    | {"\u06cc": "\u064a", "\u0649": "\u064a", "\u06a9": "\u0643", "\u0671": "\u0627"}
    | dict.fromkeys("\u0629\u06c1\u06be\u06d5", "\u0647")
)
#: What is typed for an apostrophe. Before anything is decomposed: ´ alone becomes a space then.
_APOSTROPHES: Final = str.maketrans(dict.fromkeys("’‘ʼʹ′＇`´", "'"))
#: Accents, vowel points, the joining line of Arabic and the dot below letters of Devanagari: there
#: for the eye, seldom in a search box.
_ACCENTS = re.compile(
    "[\u0300-\u036f\u0591-\u05c7\u0640\u064b-\u065f\u0670\u0345\u093c\u0a3c\u0abc]"
)
#: A nasal of Devanagari before a consonant of its own row, and the moon over a vowel: many write
#: a dot for either.
_NASALS = re.compile(
    "\u0901|\u0919\u094d(?=[\u0915-\u0918])|\u091e\u094d(?=[\u091a-\u091d])"
    "|\u0923\u094d(?=[\u091f-\u0922])|\u0928\u094d(?=[\u0924-\u0927])|\u092e\u094d(?=[\u092a-\u092d])"
)

#: Contractions that people also write without an apostrophe, and that are no other word then
#: ("I'll" and "we'd" stay apart, for "ill" and "wed" are).
_CONTRACTED = re.compile(
    r"'(?:(?<=n')(?=t\b)|(?<=\bi')(?=m\b)|(?<=\by')(?=all\b)|(?=ve\b)|(?<!\bwe')(?=re\b)|s\b"
    r"|(?:(?<=\byou')|(?<=\bthey')|(?<=\bit')|(?<=\bthat'))(?=(?:ll|d)\b))"
    r"|s\b(?:(?<=\bhes)|(?<=\bshes)|(?<=\bwhos))"
)
_DIGIT = re.compile(r"\d")
#: A hyphen in a word (between digits see below), a full stop between initials, a comma before
#: thousands.
_JOINT = re.compile(
    r"-(?<=[^\s\x00-/:-@\[-`{-\x7f]-)(?=[^\W_])(?!(?<=\d-)\d)"
    r"|\.(?<=(?<![^\W_])[^\W\d_]\.)(?=[^\W\d_](?![^\W_]))"
    r"|,(?<=\d,)(?=\d{3}(?!\d))"
)
_GROUPED = re.compile(r"(?<![^\W_])\d+(?:(?:[ \xa0.-]|\) )\d+)+(?![^\W_])")
_BETWEEN_GROUPS = re.compile(r"[^\d]+")
#: Fewer digits than this in groups are no telephone number: "2 50" is not 250.
_NUMBER: Final = 5
#: The units of a text in ASCII.
_UNIT = re.compile(r"\w+")
_PART = re.compile(r"\d+|[^\d_]+")


def units(source: str) -> Iterator[str]:
    """Every word of a text, in order; one that may be read in parts or as one has `_` inside."""
    folded = (
        unicodedata.normalize("NFKD", source.translate(_APOSTROPHES)).casefold().translate(_PLAIN)
    )
    if not folded.isascii():
        folded = unicodedata.normalize("NFC", _ACCENTS.sub("", folded))
        folded = _NASALS.sub("\u0902", folded)
        folded = _DIGIT.sub(lambda found: str(unicodedata.decimal(found[0])), folded)
    folded = _JOINT.sub("_", with_numbers_joined(_CONTRACTED.sub(_contract, folded)))
    return _apart(folded)


def parts(unit: str) -> list[str]:
    """The parts of a word; letters and digits are apart, so that "50 mg" is "50mg"."""
    return _PART.findall(unit)


def with_numbers_joined(text: str) -> str:
    """The text with `_` between groups of digits that may be one number."""
    return _GROUPED.sub(_join_number, text)


def _join_number(found: re.Match[str]) -> str:
    joined = _BETWEEN_GROUPS.sub("_", found[0])
    return joined if len(joined) - joined.count("_") >= _NUMBER else found[0]


def _contract(found: re.Match[str]) -> str:
    return " " if found[0] == "'s" else ""


def _apart(text: str) -> Iterator[str]:
    """Runs of letters, digits and their marks; each sign alone where no spaces part words."""
    if text.isascii():
        yield from _UNIT.findall(text)
        return
    word = ""
    for sign in text:
        category = unicodedata.category(sign)
        if category == "Cf":  # joins or parts what is drawn, not what is meant
            continue
        is_part = sign.isalnum() or (word and (category[0] == "M" or sign == "_"))
        if is_part and not is_wide(sign):
            word += sign
            continue
        if word:
            yield word
            word = ""
        if is_part or category == "So":
            yield sign
    if word:
        yield word
