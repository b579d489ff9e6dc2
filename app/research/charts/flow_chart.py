"""The flow of participants as CONSORT 2010 draws it: boxes joined by arrows, and who left in boxes
beside the arrows. Drawn from words that hold protected numbers alone.

Schulz KF, Altman DG and Moher D (2010). CONSORT 2010 statement. BMJ 340:c332.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from textwrap import wrap
from typing import Final

from app.research.charts.chart_frame import NARROW, WIDE
from app.research.charts.colours import INK, MUTED, RESEARCH
from app.research.charts.flow_steps import FlowStep

_LETTER: Final = 7
_LINE_HEIGHT: Final = 17
_PADDING: Final = 10
#: The shortest arrow, and how far one goes beyond the box beside it.
_ARROW: Final = 26
_HEAD: Final = 6
_FONT: Final = 'font-family="Atkinson Hyperlegible" font-size="13"'


@dataclass(frozen=True, slots=True)
class _Places:
    """Where boxes stand, in pixels."""

    width: int
    box_width: int
    line_at: int
    left_at: int


_WIDE: Final = _Places(WIDE.width, 330, 165, 225)
_NARROW: Final = _Places(NARROW.width, NARROW.width - 2, 18, 48)


def draw(steps: Sequence[FlowStep], *, is_narrow: bool = False) -> str:
    """The picture as SVG."""
    places = _NARROW if is_narrow else _WIDE
    found: list[str] = []
    top = 1
    for place, step in enumerate(steps):
        if place:
            top = _way(found, step.left, places, top)
        lines = (step.title, step.people, *step.details)
        top = _box(found, lines, 1, places.box_width, top, RESEARCH)
    size = f'width="{places.width}" height="{top + 1}" viewBox="0 0 {places.width} {top + 1}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(found)}</svg>'


def _way(found: list[str], left: Sequence[str], places: _Places, top: int) -> int:
    """The arrow to the next box, with the box of who left; where it ends."""
    end, at = top + _ARROW, places.line_at
    if left:
        width = places.width - places.left_at - 1
        below = _box(found, left, places.left_at, width, top + _PADDING, MUTED)
        middle, end = (top + _PADDING + below) // 2, below + 2 * _PADDING
        found.append(
            _arrow(f"M{at} {middle}H{places.left_at}", places.left_at, middle, is_down=False)
        )
    found.append(_arrow(f"M{at} {top}V{end}", at, end, is_down=True))
    return end


def _arrow(line: str, x: int, y: int, *, is_down: bool) -> str:
    head = f"M{x - 5} {y - _HEAD}L{x} {y}L{x + 5} {y - _HEAD}"
    if not is_down:
        head = f"M{x - _HEAD} {y - 5}L{x} {y}L{x - _HEAD} {y + 5}"
    return f'<path d="{line}{head}" fill="none" stroke="{MUTED}" stroke-width="1.5"/>'


def _box(
    found: list[str], said: Sequence[str], left: int, width: int, top: int, colour: str
) -> int:
    """A box with its words, the first of them strong; where it ends."""
    letters = (width - 2 * _PADDING) // _LETTER
    title, *others = [wrap(one, letters) for one in said]
    lines = [(line, "bold") for line in title]
    lines += [(line, "normal") for one in others for line in one]
    height = len(lines) * _LINE_HEIGHT + _PADDING + 4
    found.append(
        f'<rect x="{left}" y="{top}" width="{width}" height="{height}" rx="6" fill="none" '
        f'stroke="{colour}" stroke-width="1.5"/>'
    )
    found += [
        f'<text x="{left + _PADDING}" y="{top + _PADDING + 8 + place * _LINE_HEIGHT}" {_FONT} '
        f'font-weight="{weight}" fill="{INK}">{escape(line)}</text>'
        for place, (line, weight) in enumerate(lines)
    ]
    return top + height
