"""A chart inside a page: with its words for who doesn't see it, and its colours in the dark."""

import re
from html import escape
from typing import Final

#: Colours of charts by day, and what each is on a dark page.
INK: Final = "#22302e"
MUTED: Final = "#55635f"
LINE: Final = "#d9d2c6"
PRIMARY: Final = "#1d6560"
RESEARCH: Final = "#5a4a86"
SOFT: Final = "#e9e4f4"
_IN_THE_DARK: Final = {
    INK: "#e8eeea",
    MUTED: "#a3b2ac",
    LINE: "#32403d",
    PRIMARY: "#7fd0c4",
    RESEARCH: "#bfb0ec",
    SOFT: "#2b2542",
}
DARK: Final = "".join(
    f'.chart [fill="{day}"] {{ fill: light-dark({day}, {night}); }}\n'
    f'.chart [stroke="{day}"] {{ stroke: light-dark({day}, {night}); }}\n'
    for day, night in _IN_THE_DARK.items()
)
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
