"""Passages: what stands in quotation marks or inline code within a paragraph.

A passage ends with its paragraph at the latest. Marks are told from apostrophes by what stands
beside them. Nothing here needs a connection.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final

from app.core.scripts import is_wide

#: In place of a passage, inside of its marks.
COVER: Final = "<em>A moderator has hidden what is quoted here, for now.</em>"
#: Five words in a row, and the shortest there could be.
_SHORTEST: Final = 9

#: Marks that begin a passage, and those that end it.
_ENDS: Final = {
    "&quot;": ("&quot;",),
    "<code>": ("</code>",),
    **{both[0]: tuple(both[1:]) for both in ('""', "''", "“”", "””", "„“”", "‘’", "’’", "‚‘’")},
    **{both[0]: tuple(both[1:]) for both in ("«»", "»«»", "‹›", "›‹›", "「」", "『』", "《》")},
}
#: Marks that begin a passage wherever they stand.
_PLAIN: Final = frozenset(("„", "“", "«", "‹", "「", "『", "《", "<code>"))
#: Marks that are quotes even when nothing ends them: a quote that goes on in the next paragraph.
_OPEN_ENDED: Final = frozenset(('"', "&quot;", "“", "„", "«", "「", "『", "《"))
#: Apostrophes may end one too early: so many ends are tried.
_TRIES: Final = dict.fromkeys("'‘’", 3)

_PIECE: Final = re.compile("(<[^>]*>|&quot;|[\"'“”„‟‘’‚«»‹›「」『』《》])")
#: What a paragraph is made of; every other tag ends it.
_WITHIN: Final = re.compile(r"</?(?:a|br|code|em|s|strong)\b")
#: Quick to ask: a text without any holds no passage.
_HINT: Final = re.compile("<code>|&quot;|[“”„«»‹›「『《‚‘]|(?:^|[\\s(>])['’][^\\s]")


def has_any(html: str) -> bool:
    """Whether anything may be one."""
    return _HINT.search(html) is not None


def without(html: str, is_hidden: Callable[[str], bool]) -> str:
    """A text with those passages covered of which `is_hidden` says so."""
    if not has_any(html):
        return html
    pieces = _PIECE.split(html)
    shown: list[str] = []
    spent: set[int] = set()
    at = 0
    while at < len(pieces):
        is_first = at % 2 == 1 and pieces[at] in _ENDS and at not in spent and _begins(pieces, at)
        ends = _ends(pieces, at) if is_first else []
        spent.update(ends[:1])
        end = next((end for end in ends if _is_said(pieces[at + 1 : end], is_hidden)), None)
        if end is None:
            shown.append(pieces[at])
            at += 1
            continue
        mark, is_ended = pieces[at], pieces[end] in _ENDS[pieces[at]]
        closed, opened = _halves(pieces[at + 1 : end])
        covered = [*closed, COVER, *opened]
        if mark != "<code>":
            covered = [mark, *covered, pieces[end] if is_ended else ""]
        shown += covered
        at = end + is_ended
    return "".join(shown)


def _is_said(pieces: Sequence[str], is_hidden: Callable[[str], bool]) -> bool:
    said = "".join(pieces)
    return len(said) >= _SHORTEST and is_hidden(said)


def _ends(pieces: Sequence[str], at: int) -> list[int]:
    """Where a passage that begins here may end: at its mark, or else before the next passage of
    its kind or with its paragraph."""
    mark, found = pieces[at], list[int]()
    for end in range(at + 2, len(pieces), 2):
        piece = pieces[end]
        if piece in _ENDS[mark] and _closes(pieces, end):
            found.append(end)
            if len(found) == _TRIES.get(mark, 1):
                return found
        elif (piece == mark and _begins(pieces, end)) or _leaves(piece):
            break
    return found if found or mark not in _OPEN_ENDED else [end]


def _leaves(piece: str) -> bool:
    return piece.startswith("<") and not _WITHIN.match(piece)


def _begins(pieces: Sequence[str], at: int) -> bool:
    mark = pieces[at]
    if mark in _PLAIN:
        return True
    return not _is_inside_a_word(_before(pieces, at)) and not _behind(pieces, at).isspace()


def _closes(pieces: Sequence[str], at: int) -> bool:
    if pieces[at] in "'’‘":
        return not _is_inside_a_word(_behind(pieces, at))
    return True


def _is_inside_a_word(sign: str) -> bool:
    return sign.isalnum() and not is_wide(sign)


def _before(pieces: Sequence[str], at: int) -> str:
    """The sign that stands before a mark; a space where its paragraph begins."""
    while at > 0 and not pieces[at - 1]:
        at -= 2
        if at < 0 or not pieces[at].startswith("<"):
            return pieces[at][-1:] if at >= 0 else " "
        if _leaves(pieces[at]):
            return " "
    return pieces[at - 1][-1:] if at > 0 else " "


def _behind(pieces: Sequence[str], at: int) -> str:
    while at + 1 < len(pieces) and not pieces[at + 1]:
        at += 2
        if at >= len(pieces) or not pieces[at].startswith("<"):
            return pieces[at][:1] if at < len(pieces) else " "
        if _leaves(pieces[at]):
            return " "
    return pieces[at + 1][:1] if at + 1 < len(pieces) else " "


def _halves(pieces: Sequence[str]) -> tuple[list[str], list[str]]:
    """The tags whose other half stands outside: those that end here, and those that begin."""
    closed: list[str] = []
    opened: list[str] = []
    for tag in pieces[1::2]:
        if not tag.startswith("<") or tag.startswith("<br"):
            continue
        if not tag.startswith("</"):
            opened.append(tag)
        elif opened:
            opened.pop()
        else:
            closed.append(tag)
    return closed, opened
