"""Which asterisks, underscores and tildes are marks, and which are just what someone typed.

CommonMark lets an asterisk begin or end emphasis inside a word, so that "2*50mg and 1*25mg" reads
"250mg and 125mg". Here one between letters or digits is literal, as an underscore is. In scripts
without spaces the inside of a "word" is where marks stand, also around their own punctuation.
"""

import re
import unicodedata
from enum import Enum, auto
from typing import Final

from markdown_it.rules_inline.state_inline import Delimiter, StateInline

from app.core.scripts import is_wide, is_wide_punctuation


class _Side(Enum):
    """What stands beside a run of marks."""

    SPACE = auto()
    LETTER = auto()
    DIGIT = auto()
    #: A letter of a script without spaces.
    WIDE = auto()
    #: A bracket that opens.
    OPENING = auto()
    #: A bracket that closes, a percent sign.
    CLOSING = auto()
    #: A currency, a sign of arithmetic.
    SIGN = auto()
    OTHER = auto()


_OF_CATEGORY: Final = {
    "Cc": _Side.SPACE,
    "Ps": _Side.OPENING,
    "Pe": _Side.CLOSING,
    "Sc": _Side.SIGN,
    "Sm": _Side.SIGN,
}
_WORD: Final = frozenset({_Side.LETTER, _Side.DIGIT})
_PUNCTUATION: Final = frozenset({_Side.OPENING, _Side.CLOSING, _Side.SIGN, _Side.OTHER})
_SELECTORS = re.compile("[\ufe00-\ufe0f]")


def _side(sign: str) -> _Side:
    category = unicodedata.category(sign)
    if category.startswith("Z"):
        return _Side.SPACE
    if category.startswith("N"):
        return _Side.DIGIT
    if category[0] in "LM" and not _SELECTORS.match(sign):
        return _Side.WIDE if is_wide(sign) else _Side.LETTER
    if sign in "~%":
        return _Side.OTHER if sign == "~" else _Side.CLOSING
    return _OF_CATEGORY.get(category, _Side.OTHER)


def tokenize(state: StateInline, silent: bool) -> bool:
    """A rule for Markdown: takes a run of marks, as delimiters where it may be one."""
    mark = state.src[state.pos]
    if silent or mark not in "*_~":
        return False
    start = end = state.pos
    while end < state.posMax and state.src[end] == mark:
        end += 1
    state.pos, run = end, end - start
    opens, closes = _may(state, start, end)
    width = 2 if mark == "~" else 1
    if run < width or not (opens or closes):
        state.append_pending(mark * run)
        return True
    state.append_pending(mark * (run % width))
    for _ in range(run // width):
        state.push("text", "", 0).content = mark * width
        state.delimiters.append(
            Delimiter(
                marker=ord(mark),
                length=0 if mark == "~" else run,
                token=len(state.tokens) - 1,
                end=-1,
                open=opens,
                close=closes,
            )
        )
    return True


def _may(state: StateInline, start: int, end: int) -> tuple[bool, bool]:
    """Whether a run may begin emphasis, and whether it may end it."""
    source = state.src
    sign_before = source[start - 1] if start else " "
    sign_behind = source[end] if end < state.posMax else " "
    before, behind = _side(sign_before), _side(sign_behind)
    if before in _WORD and behind in _WORD:
        return False, False
    opens = _flanks(before, behind, sign_behind)
    closes = _flanks(behind, before, sign_before)
    if end - start == 1:
        opens = opens and _is_around(source, start, 1, before, behind)
        closes = closes and _is_around(source, start, -1, behind, before)
    if source[start] == "_":
        return (
            opens and (not closes or before in _PUNCTUATION or is_wide_punctuation(sign_behind)),
            closes and (not opens or behind in _PUNCTUATION or is_wide_punctuation(sign_before)),
        )
    if source[start] == "*" and end - start == 1:
        around = source[max(0, start - 3) : start], source[end : end + 3]
        if _DIGIT_AT_END.search(around[0]) and _DIGIT_AT_START.match(around[1]):
            return False, False
        opens = opens and not _multiplies(before, behind, around[0][-2:-1], _Side.CLOSING)
        opens = opens and not (_COUNTED.search(around[0]) and _COUNTED_ON.match(source, end))
        closes = closes and not _multiplies(behind, before, around[1][1:2], _Side.OPENING)
    return opens, closes


def _flanks(outside: _Side, inside: _Side, sign_inside: str) -> bool:
    """As CommonMark has it, but that a script without spaces needs none around its brackets."""
    if inside is _Side.SPACE:
        return False
    is_apart = outside not in _WORD or is_wide_punctuation(sign_inside)
    return is_apart or inside not in _PUNCTUATION


#: What faces are drawn with.
_DRAWN: Final = frozenset("^=<>|")
_MARKS: Final = frozenset("*_~")
_QUOTES: Final = frozenset("\"'“”‘’„")
#: Emphasis may begin behind these or end before them, with a sign inside: `"*(yes)*"!`
_EDGES: Final = frozenset("\"'“”‘’«»‹›„*_~")
_ENDS: Final = frozenset(".,!?…:;")


def _is_around(source: str, at: int, step: int, outside: _Side, inside: _Side) -> bool:
    """Whether a single mark that may stand at an edge of emphasis (its inside lies in the
    direction of `step`) is no part of a face: "^_^", "(╥_╥)", "(._.)", "(*^_^*)", "*_*"; nor a
    sign that someone names: the "*" and the "_"."""
    beyond = at + step
    while 0 <= beyond < len(source) and source[beyond] in _MARKS:
        beyond += step
    is_hollow = not 0 <= beyond < len(source) or source[beyond].isspace()
    if is_hollow or source[at + step] in _DRAWN:
        return False
    outer = at - step
    if source[at + step] in _QUOTES and 0 <= outer < len(source) and source[outer] in _QUOTES:
        return False
    if inside not in _PUNCTUATION or outside is _Side.SPACE:
        return True
    sign = source[at - step]
    if outside not in _PUNCTUATION or sign in _EDGES:
        return True
    return outside is _Side.OPENING if step > 0 else outside is _Side.CLOSING or sign in _ENDS


#: "take 2 *tabs now, 1* tab later", also over a line break and with a third: what is counted, not
#: what is stressed.
_COUNTED = re.compile(r"\d[ \t]$")
_COUNTED_ON = re.compile(r"(?:[^*]|(?<=\s)\*(?=\w)){0,200}?\d\*(?!\*)")

#: "2 *50mg", also over a line break.
_DIGIT_AT_END = re.compile(r"\d\s{0,2}$")
_DIGIT_AT_START = re.compile(r"\s{0,2}\d")


def _multiplies(outside: _Side, inside: _Side, beyond: str, bracket: _Side) -> bool:
    """Whether a single asterisk stands in a sum: "(25mg)*2", "50%*2", "2*£5".

    At a number any sign that ends a word outside will do, as in `2 "50mg"*2`.
    """
    if inside is _Side.DIGIT and (outside is _Side.WIDE or (beyond and _side(beyond) in _WORD)):
        return outside is not _Side.SPACE
    is_figure = inside in {_Side.DIGIT, _Side.SIGN, _Side.OPENING, _Side.CLOSING}
    return is_figure and outside in {bracket, _Side.SIGN}
