"""Look-alikes (UTS 39) and the signs that show nothing, where a name is kept as it was written."""

import re
import unicodedata
from functools import cache
from typing import Final

from homoglyph.data import load_prototypes
from idna.core import valid_contextj

from app.core.text import visible

#: The joiners of every script, and the signs that choose the form of a Mongolian letter.
_FORMS: Final = "\u180b-\u180f"
_JOINERS: Final = f"\u200c\u200d{_FORMS}"
_MONGOLIAN: Final = re.compile("[\u1820-\u1878\u1887-\u18aa]")
_PICTURE: Final = (
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u25fe"
    "\u2600-\u27bf\u2934\u2935\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
    "[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]?"
)
#: What shows as one picture or one letter (UTS 51, UTS 37): pictures joined to one, the flags of
#: England, Scotland and Wales, a key with its frame, a Chinese or Japanese letter in one variant.
_WHOLE: Final = re.compile(
    "\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f"
    f"|{_PICTURE}(?:\u200d{_PICTURE}){{0,9}}"
    "|[0-9#*]\ufe0f?\u20e3"
    "|[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff][\U000e0100-\U000e01ef]"
)
_KEPT_JOINERS: Final = re.compile(f"[{_JOINERS}]+")


@cache
def _prototypes() -> dict[int, str]:
    return load_prototypes()


def skeleton(text: str) -> str:
    """What a text looks like: two that look alike have one skeleton (UTS 39, 4). For comparing,
    never for showing."""
    decomposed = unicodedata.normalize("NFD", visible(text))
    return unicodedata.normalize("NFD", decomposed.translate(_prototypes()))


def folded_skeleton(text: str) -> str:
    """The same for the text in small letters. Twice, for some prototypes are capitals, and
    compatible forms first: letters in circles have small ones too."""
    for _ in range(2):
        text = skeleton(unicodedata.normalize("NFKC", text).casefold())
    return text.casefold()


def as_shown(text: str) -> str:
    """Without what shows nothing; joiners, variants and tags stay where they change what is seen:
    in pictures made of several, and where a script needs them (RFC 5892, CONTEXTJ)."""
    text = unicodedata.normalize("NFC", text)
    parts, at = [], 0
    for whole in _WHOLE.finditer(text):
        parts += [_of_script(text[at : whole.start()]), whole[0]]
        at = whole.end()
    return "".join([*parts, _of_script(text[at:])])


def _of_script(text: str) -> str:
    """Letters, with the joiners between them that their script asks for."""
    if not _KEPT_JOINERS.search(text):
        return visible(text)
    signs = _KEPT_JOINERS.split(text)
    found = [joiners[0] for joiners in _KEPT_JOINERS.findall(text)]
    shown = [visible(part) for part in signs]
    written = "".join(part + joiner for part, joiner in zip(shown, [*found, ""], strict=True))
    return "".join(
        sign
        for at, sign in enumerate(written)
        if not _KEPT_JOINERS.match(sign) or _joins(written, at)
    )


def _joins(text: str, at: int) -> bool:
    if _MONGOLIAN.match(text[max(0, at - 1) : at]):
        return True
    if "\u180b" <= text[at] <= "\u180f":
        return False
    try:
        # As far as any word: the library refuses longer ones.
        return valid_contextj(text[max(0, at - 40) : at + 40], min(at, 40))
    except ValueError:  # beside it stands a sign that has no name
        return False
