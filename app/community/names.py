"""Display names: what may stand in one, and when two are too much alike to both be had."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from app.community import search_words
from app.community.choices import SOMEONE_WHO_LEFT
from app.community.errors import BadNameError
from app.core import confusables, text

LENGTHS: Final = range(2, 31)
#: Words that speak for the house, wherever in a name they stand and whatever letters they are
#: written with. Each stands for its plural too.
RESERVED: Final = (
    *("admin", "administration", "administrator", "adviser", "advisor", "alongside"),
    *("helpdesk", "helpline", "host", "mod", "moderating", "moderation", "moderator", "official"),
    *("researcher", "safeguarder", "safeguarding", "staff", "sysadmin", "webmaster", "automod"),
    *("moderador", "moderadora", "moderateur", "moderatrice", "moderatore", "moderatorin"),
    *("administrador", "administradora", "administrateur", "administratrice", "administratorin"),
    *("адміністратор", "管理员", "管理員", "版主"),
    *("модератор", "модераторы", "админ", "админы", "администратор", "администраторы"),
)
#: Names that speak for the house as a whole, though their words may stand in others: "Team Rocket".
RESERVED_WHOLE: Final = (
    *("care team", "community manager", "community team", "crisis line", "crisis team"),
    *("deleted member", "deleted user", "deleted account", "deleted", "removed", "former member"),
    *(
        "someone has left",
        "someone that left",
        "somebody that left",
        "someone whos left",
        "help",
        "help now",
        "helper",
    ),
    *("mental health team", "our team", "peer support worker", "safety team", "samaritans"),
    *("somebody who has left", "somebody who left", "someone who left", "support"),
    *("support team", "support worker", "system", "team", "the team", "wellbeing team"),
    SOMEONE_WHO_LEFT,
)

_SPACES: Final = re.compile(r"\s+")
_WORDS: Final = re.compile(r"[^\W_]+")
_NUMBER_AT_END: Final = re.compile(r"^\d+|\d+$")
_CAPITAL_INSIDE: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
#: How a hasty eye reads dotted and dotless letters, and the prototype that stands for a small
#: capital M.
_NEARLY: Final = str.maketrans({"i": "l", "\u0269": "l", "\u028d": "rn"})
_LETTER_IN: Final = re.compile(r"(?:SMALL CAPITAL|CAPITAL LETTER|SYMBOL LETTER) ([A-Z])$")
_SIGNS_AS_LETTERS: Final = str.maketrans("$!¡|€£", "siileL")
_DIGITS_AS_LETTERS: Final = str.maketrans("34578", "eastb")
#: What is set before or behind a word that speaks for the house: it still does.
_ARTICLES: Final = ("the", "our", "your", "an", "a")
_BEFORE: Final = (*_ARTICLES[:3], "real", "official", "team", "senior", "head")
_BEHIND: Final = (
    "team",
    "staff",
    "crew",
    "group",
    "office",
    "official",
    "account",
    "support",
    "uk",
)
#: "Safe guarding" is refused, "Mo D" is someone's name.
_SPLIT_FROM: Final = 5


@dataclass(frozen=True, slots=True)
class Looks:
    """How a name looks as it is written, and in small letters: no two members share either.

    Both, because a capital I is l to the eye and Lan is no Ian: "Someone who has Ieft".
    """

    written: str
    folded: str

    @classmethod
    def of(cls, name: str) -> "Looks":
        one_line = _SPACES.sub(" ", unicodedata.normalize("NFKC", text.visible(name))).strip()
        return cls(confusables.skeleton(one_line), confusables.folded_skeleton(key_of(name)))


def clean(name: str, *, pointer: str = "/display_name", speaks_for_us: bool = False) -> str:
    """A name as it will be shown: one line, nothing invisible but what its script or a picture
    needs; raises BadNameError. Whoever acts for the house may say so in their name.
    """
    shown = text.clean_line(confusables.as_shown(name), limit=200, pointer=pointer)
    if len(shown) not in LENGTHS:
        raise BadNameError("A name has 2 to 30 letters or signs.", pointer=pointer)
    if not any(map(str.isalnum, shown)):
        raise BadNameError("A name needs at least one letter or number.", pointer=pointer)
    if "@" in unicodedata.normalize("NFKC", shown):
        raise BadNameError(
            "Please leave out @: a name here must not look like an e-mail address.", pointer=pointer
        )
    seen = _seen(shown)
    if any(map(_is_the_house, seen)) or (not speaks_for_us and any(map(_speaks_for_us, seen))):
        raise BadNameError(
            "That name would look as if you spoke for Alongside. Please choose another.",
            pointer=pointer,
        )
    return shown


def key_of(name: str) -> str:
    """How names are compared: width, case, spacing and what shows nothing make no difference
    (UAX 15, NFKC)."""
    shown = unicodedata.normalize("NFKC", text.visible(name))
    folded = unicodedata.normalize("NFKC", shown.casefold())
    return _SPACES.sub(" ", text.visible(folded)).strip()


def words_of(name: str) -> list[str]:
    """The words that search finds a name by: accents, case and signs make no difference."""
    return sorted(set(search_words.words(name).split()) - {search_words.BREAK})


def _seen(name: str) -> set[str]:
    """A name as it may be read: as written, by its look, and by the look of its small letters. A
    capital of another script may have a small letter that looks otherwise."""
    return {name, confusables.skeleton(name), _spelled(confusables.folded_skeleton(name))}


def _is_the_house(name: str) -> bool:
    words = _WORDS.findall(_spelled(name))
    reserved = _SHAPES if len(words) == 1 else _LONG_SHAPES
    shapes = _shapes("".join(words))
    if words and words[0].casefold() in _ARTICLES:
        shapes |= _shapes("".join(words[1:]))
    return not (reserved | _WHOLE_SHAPES).isdisjoint(shapes)


def _speaks_for_us(name: str) -> bool:
    """Whether a part of a name speaks for the house, split or joined as it may be."""
    name = _spelled(name)
    words = _WORDS.findall(_CAPITAL_INSIDE.sub(" ", name))
    whole = _WORDS.findall(confusables.folded_skeleton(name))
    signs = _WORDS.findall(name.translate(_SIGNS_AS_LETTERS))
    for word in (*words, *_WORDS.findall(name), *signs, *whole):
        shapes = _shapes(word)
        if not _SHAPES.isdisjoint(_bare(shapes)) or any(map(_ends_or_begins_as_ours, shapes)):
            return True
    if not _WHOLE_SHAPES.isdisjoint(_bare(_shapes("".join(words)))):
        return True
    for first in range(len(words)):
        for after in range(first + 2, len(words) + 1):
            run = words[first:after]
            is_spelt = all(len(word) == 1 for word in run)
            if not (_SHAPES if is_spelt else _LONG_SHAPES).isdisjoint(_shapes("".join(run))):
                return True
    return False


def _spelled(name: str) -> str:
    """Letters in circles, flags or small capitals as the letters they are, which UTS 39 leaves."""
    return "".join(map(_letter, unicodedata.normalize("NFKC", name)))


def _letter(sign: str) -> str:
    found = None if sign.isascii() else _LETTER_IN.search(unicodedata.name(sign, ""))
    return sign if found is None else found[1].lower()


def _ends_or_begins_as_ours(shape: str) -> bool:
    return shape.endswith(_ENDINGS) or shape.startswith(_BEGINNINGS)


def _shapes(word: str) -> set[str]:
    """A word as a hasty eye takes it: without accents, i as l, numbers as letters or left out."""
    read = word.translate(_DIGITS_AS_LETTERS)
    plain, plainly_read = _NUMBER_AT_END.sub("", word), _NUMBER_AT_END.sub("", read)
    ways = (word, plain, read, plainly_read, plain.translate(_DIGITS_AS_LETTERS))
    return {_shape(each) for each in ways if each}


def _bare(shapes: set[str]) -> set[str]:
    """Shapes as they are, and without what is set before and behind a word: "TheModerator"."""
    led = shapes | {shape.removeprefix(each) for shape in shapes for each in _BEFORE_SHAPES}
    return led | {shape.removesuffix(each) for shape in led for each in _BEHIND_SHAPES}


def _shape(word: str) -> str:
    seen = unicodedata.normalize("NFD", confusables.folded_skeleton(word))
    bare = "".join(sign for sign in seen if unicodedata.category(sign) != "Mn")
    return bare.translate(_NEARLY)


def _with_plurals(words: tuple[str, ...]) -> frozenset[str]:
    joined = ["".join(_WORDS.findall(word)) for word in words]
    return frozenset(_shape(word + ending) for word in joined for ending in ("", "s"))


#: No ordinary word ends or begins so: "SAMADMIN", "moderatorsam". "Falstaff" and "Adminah" are
#: names, "ghost" is a word.
_ENDINGS: Final = tuple(
    _shape(word + ending)
    for word in ("admin", "administrator", "moderator", "safeguarding", "helpline", "helpdesk")
    for ending in ("", "s")
)
_BEGINNINGS: Final = tuple(map(_shape, ("moderator", "administrator", "safeguarding", "helpline")))
_BEFORE_SHAPES: Final = tuple(map(_shape, _BEFORE))
_BEHIND_SHAPES: Final = tuple(map(_shape, _BEHIND))
_SHAPES: Final = _with_plurals(RESERVED)
_LONG_SHAPES: Final = _with_plurals(tuple(word for word in RESERVED if len(word) >= _SPLIT_FROM))
_WHOLE_SHAPES: Final = _with_plurals(RESERVED_WHOLE)
