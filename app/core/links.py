"""Addresses in text: where one begins, and where it ends, which the text around it decides.

Linked are those with http(s) or www, and bare names under a few endings, for "so tired.it was" is
no link to Italy. Every repetition is bounded: no text is slow.
"""

import re
import unicodedata
from typing import Final

from app.core.scripts import WIDE

#: A letter or digit of a script that puts spaces between words. In the others an address may
#: stand right beside a word.
_NARROW = rf"[^\W_{WIDE}]"
_LABEL = rf"(?:{_NARROW}|-){{1,63}}\."

_ENDINGS = "com|org|net|uk|ie|info"
#: Quick to ask: a text without it holds no address.
HINT: Final = re.compile(rf"://|www\.|\.(?:{_ENDINGS})", re.IGNORECASE)
ADDRESS: Final = re.compile(
    rf"""(?<!{_NARROW})(?<![@./-])
    (?:https?://(?:[\w-]{{1,63}}\.){{1,8}}[^\W\d_{WIDE}]{{2,24}}
      |https?://(?:[\w-]{{1,63}}\.){{1,8}}[^\W\d_]{{2,24}}
      |www\.(?:{_LABEL}){{1,8}}[a-z]{{2,24}}
      |(?:{_LABEL}){{1,8}}(?:{_ENDINGS}))
    (?::[0-9]{{1,5}})?(?!{_NARROW}|-|\.\w)
    (?P<path>[/?\#][^\s{{}}|\\^`<>"]{{0,2000}})?""",
    re.IGNORECASE | re.VERBOSE,
)

#: `_` that begins emphasis: then one at the end of an address is its other half.
_OPENS_EMPHASIS: Final = re.compile(r"(?<!\w)_+(?!\s)")
#: How far before an address it is looked for, in characters.
_NEAR: Final = 500

_PAIRS = "()[]（）［］｛｝「」『』【】〔〕〖〗《》〈〉｢｣"
_CLOSER: Final = dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True))
_CLOSERS: Final = frozenset(_CLOSER.values())
#: No address goes on behind these: quotes, and what ends a clause where no space follows it.
_ENDS: Final = frozenset("“”„‟«»‹›。、，！？；：｡､")
#: Punctuation that an address may end with.
_LAST: Final = frozenset("/-%#&@")


def end_of(found: re.Match[str]) -> int:
    """Where an address ends in the text it was found in.

    Before a bracket that closes what was opened outside, and before the punctuation of the
    sentence around it; brackets that it opened itself belong to it.
    """
    start = found.start("path")
    if start < 0:
        return found.end()
    begins = found.start()
    is_emphasised = bool(_OPENS_EMPHASIS.search(found.string, max(0, begins - _NEAR), begins))
    return start + len(_path_of(found["path"], is_emphasised=is_emphasised))


def _path_of(path: str, *, is_emphasised: bool) -> str:
    waiting: list[str] = []
    end = len(path)
    for at, sign in enumerate(path):
        if sign in _CLOSER:
            waiting.append(_CLOSER[sign])
        elif sign in _ENDS or (sign in _CLOSERS and (not waiting or waiting.pop() != sign)):
            end = at
            break
    while end and _belongs_to_the_sentence(path[end - 1], is_emphasised=is_emphasised):
        end -= 1
    return path[:end]


def _belongs_to_the_sentence(sign: str, *, is_emphasised: bool) -> bool:
    if sign == "_":
        return is_emphasised
    category = unicodedata.category(sign)
    is_punctuation = sign == "~" or category.startswith("P") or category == "Cf"
    return is_punctuation and sign not in _LAST and sign not in _CLOSERS
