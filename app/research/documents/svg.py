"""A chart inside a page: with its words for who doesn't see it, and its colours in the dark."""

import re
from html import escape
from typing import Final

from app.research.charts.colours import night_rules

DARK: Final = night_rules(".chart ")
_WIDTH: Final = re.compile(r'^<svg [^>]*\bwidth="(\d+)')
_ID: Final = re.compile(r'(id="|url\(#|href="#)')


#: Below this part of its size the words of a drawing are too small to read: it scrolls instead.
_LEAST: Final = 0.88


def least_width(drawn: str) -> int:
    """How wide a drawing must stay, in pixels."""
    found = _WIDTH.search(drawn)
    return round(int(found[1]) * _LEAST) if found else 0


def inside(drawn: str, name: str, alternative: str) -> str:
    """A drawing as part of a page: its own ids apart from those of other drawings."""
    apart = _ID.sub(rf"\g<1>{name}-", drawn)
    return apart.replace("<svg ", f'<svg role="img" aria-label="{escape(alternative)}" ', 1)
