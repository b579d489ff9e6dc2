"""The words of a text as search keeps them, and what someone asks for in the same words.

No word is too small: "not again" and "why me" are what people look for here. Written alike are
words with and without accents, "can't" and "can’t" and "cant", and what stands together without
spaces ("sleep/mood", an address) is the words in it. PostgreSQL only stems what comes from here,
so nothing hangs on how its parser or its locale see a sign.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final
from uuid import UUID

from app.core.scripts import is_wide

#: How both sides are made into lexemes (migration `community_0003`): English stems, every word.
CONFIGURATION: Final = "community.every_word"
#: What PostgreSQL can index of a word is bounded, and nobody types so much to find one.
_LONGEST: Final = 60

#: Letters that are no base with an accent to Unicode, but are typed without by those who can't.
_PLAIN: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)
#: What is typed for an apostrophe. Before anything is decomposed: ´ alone becomes a space then.
_APOSTROPHES: Final = str.maketrans(dict.fromkeys("’‘ʼʹ′＇`´", "'"))
#: Accents, vowel points and the joining line of Arabic: there for the eye, seldom in a search box.
_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05c7\u0640\u064b-\u065f\u0670\u0345]")
#: Contractions that people also write without an apostrophe, and that are no other word then
#: ("I'll" and "we'd" stay apart, for "ill" and "wed" are).
_CONTRACTED = re.compile(
    r"(?<=n)'(?=t\b)|(?<=\bi)'(?=m\b)|'(?=ve\b)|(?<!\bwe)'(?=re\b)|'s\b"
    r"|(?:(?<=\byou)|(?<=\bthey)|(?<=\bit)|(?<=\bthat))'(?=(?:ll|d)\b)"
    r"|(?:(?<=\bhe)|(?<=\bshe)|(?<=\bwho))s\b"
)
_WORD = re.compile(r"[^\W_]+")


#: Between a note and the text behind it, so that no phrase runs from one into the other: longer
#: than any word that is looked for.
_BREAK: Final = "note" * 16


def words(source: str, note_about: str | None = None) -> str:
    """Every word of a text, in order, apart by spaces; of its content note as well."""
    if note_about is None:
        return " ".join(_words(source))
    return " ".join((*_words(note_about), _BREAK, *_words(source)))


def words_in(source: str) -> tuple[str, ...]:
    """The same as a sequence: for a name, or for a piece of a text."""
    return tuple(_words(source))


def asked(query: str) -> str:
    """What someone looks for, for websearch_to_tsquery: any input gives a query, if an empty one.

    Quotes keep words together and a minus leaves out, as usual; "or" is a word like another.
    """
    return " ".join(_asked(_QUOTES.sub('"', query)))


_QUOTES = re.compile("[“”„‟«»＂]")
_PART = re.compile(r'(?P<minus>(?<!\S)-(?!-))?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')


def sought(query: str) -> list[tuple[str, ...]]:
    """What a text is to hold for such a query: words, each alone or in a row."""
    return [group for minus, group in _groups(_QUOTES.sub('"', query)) if not minus]


def _asked(query: str) -> Iterator[str]:
    for minus, group in _groups(query):
        yield f'{minus}"{" ".join(group)}"'


def _groups(query: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for part in _PART.finditer(query):
        found = tuple(_words(part["phrase"] or part["word"] or ""))
        if not found:
            continue
        minus = part["minus"] or ""
        is_together = part["word"] is None or minus or any(map(is_wide, part["word"]))
        for group in [found] if is_together else [(word,) for word in found]:
            yield minus, group


def _words(source: str) -> Iterator[str]:
    folded = (
        unicodedata.normalize("NFKD", source.translate(_APOSTROPHES)).casefold().translate(_PLAIN)
    )
    folded = unicodedata.normalize("NFC", _ACCENTS.sub("", folded))
    for word in _apart(_CONTRACTED.sub(_join, folded)):
        if word.isascii():
            yield word[:_LONGEST]
        else:
            yield "u" + "".join(f"{ord(letter):x}" for letter in word[:_LONGEST])


def _join(found: re.Match[str]) -> str:
    return " " if found[0] == "'s" else ""


def _apart(text: str) -> Iterator[str]:
    """Runs of letters, digits and their marks; each sign alone where no spaces part words."""
    if text.isascii():
        yield from _WORD.findall(text)
        return
    word = ""
    for sign in text:
        category = unicodedata.category(sign)
        if category == "Cf":  # joins or parts what is drawn, not what is meant
            continue
        is_part = sign.isalnum() or (word and category[0] == "M")
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


_OURS = re.compile(r"/threads/([0-9a-f-]{36})(?:#post-([0-9a-f-]{36}))?(?![\w-])", re.IGNORECASE)


def post_at(query: str) -> UUID | None:
    """The post that an address of ours leads to, when someone pasted one."""
    found = _OURS.search(query)
    if found is None:
        return None
    try:
        return UUID(found[2] or found[1])
    except ValueError:
        return None
