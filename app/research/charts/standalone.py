"""A drawing as a file of its own: an image on a page has neither its fonts nor its colours."""

import re
from typing import Final

from app.research.charts.colours import GROUND, GROUND_BY_NIGHT, night_rules

_STYLE: Final = (
    "<style>\n"
    f":root {{ color-scheme: light dark; background: light-dark({GROUND}, {GROUND_BY_NIGHT}); }}\n"
    # Where the reader has the font it is taken, else one that is about as wide.
    'text { font-family: "Atkinson Hyperlegible Next", "Atkinson Hyperlegible", Arial, '
    '"Liberation Sans", Roboto, sans-serif; }\n'
    f"{night_rules()}"
    "</style>"
)

_SIZE: Final = re.compile(r'width="(\d+)" height="(\d+)" viewBox="0 0 \1 \2"')
#: At both sides, for words in a font that is wider than the one they were measured in.
_SPARE: Final = 16


def standalone(drawn: str) -> str:
    """On a ground of its own, by day and by night."""
    before, tag, behind = _SIZE.sub(_wider, drawn, count=1).partition(">")
    return f"{before}{tag}{_STYLE}{behind}"


def _wider(size: re.Match[str]) -> str:
    width, height = int(size[1]) + 2 * _SPARE, size[2]
    return f'width="{width}" height="{height}" viewBox="{-_SPARE} 0 {width} {height}"'
