"""Scripts: which put no spaces between words, and which are read from the right."""

import re
import unicodedata
from typing import Final

#: For a class of a pattern: letters of scripts written without spaces between words (Thai, Lao,
#: Tibetan, Myanmar, Khmer, Hangul, kana, Bopomofo, Yi, ideographs).
WIDE: Final = (
    "\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff"
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u30fa\u30fc-\u318f\u31a0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
    "\uff66-\uffdc\U0001aff0-\U0001b16f\U00020000-\U000323af"
)
_WIDE = re.compile(f"[{WIDE}]")
#: Their punctuation: a full stop takes the room of a letter, and no space follows it.
_WIDE_PUNCTUATION = re.compile(
    "[\u3001-\u3003\u3008-\u301f\u3030\u303d\u30fb\ufe30-\ufe4f\uff00-\uff65]"
)


def is_wide(sign: str) -> bool:
    """Whether it is a letter of a script without spaces."""
    return _WIDE.match(sign) is not None


def is_wide_punctuation(sign: str) -> bool:
    """Whether it is punctuation of such a script."""
    return _WIDE_PUNCTUATION.match(sign) is not None


def reads_from_the_right(text: str) -> bool | None:
    """By the first sign with a direction, as a browser's dir=auto tells it; None without one."""
    for sign in text:
        direction = unicodedata.bidirectional(sign)
        if direction == "L":
            return False
        if direction in {"R", "AL"}:
            return True
    return None


_FROM_THE_RIGHT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


def isolated(written: str) -> str:
    """What someone wrote inside a sentence of ours, so that it never turns the words around it."""
    return f"\u2068{written}\u2069" if _FROM_THE_RIGHT.search(written) else written
