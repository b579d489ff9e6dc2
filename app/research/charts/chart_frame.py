"""The frame of a chart: its room, its style, and the rows that are named at its left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from textwrap import wrap
from typing import Any, Final

import altair as alt
import fontpkg_atkinson_hyperlegible as font
import vl_convert

from app.research.charts.colours import INK, LINE, MUTED

vl_convert.register_font_directory(str(font.ROOT / "files"))


@dataclass(frozen=True, slots=True)
class Room:
    """How wide a picture is, in pixels, and what is kept at its sides for words."""

    width: int
    labels: int
    values: int
    #: Of a label, in one line.
    letters: int
    #: About so many numbers on an axis.
    ticks: int
    #: Columns of a table stand under each other.
    is_stacked: bool = False

    @property
    def middle(self) -> int:
        """For bars and dots."""
        return self.width - self.labels - self.values

    def beside(self, labels: Sequence[str]) -> "Room":
        """With no more room for labels than these take."""
        longest = max(len(line) for label in labels for line in label.split("\n"))
        return replace(self, labels=min(self.labels, longest * _LETTER + _GAP))

    def for_long_labels(self) -> "Room":
        """With half of it for labels, where there is one column beside them."""
        return replace(self, labels=self.width // 2, letters=self.width // 2 // _LETTER)


#: As wide as a page, and half of it.
WIDE: Final = Room(720, 200, 130, 32, 6)
NARROW: Final = Room(350, 128, 80, 20, 3)
#: Beside a table on a screen, and as wide as a phone.
BESIDE: Final = Room(350, 128, 80, 20, 3, is_stacked=True)
#: Pixels of a letter, on the whole, and beside a label.
_LETTER: Final = 7
_GAP: Final = 12
_ROW: Final = 29
_LINE_HEIGHT: Final = 15
_CONFIG: Final = {
    "aria": False,
    "font": "Atkinson Hyperlegible",
    "background": None,
    "view": {"stroke": None},
    "axis": {
        "labelColor": INK,
        "labelFontSize": 12.5,
        "labelLimit": 0,
        "titleColor": MUTED,
        "titleFontSize": 12.5,
        "titleFontWeight": "normal",
        "domainColor": MUTED,
        "tickColor": LINE,
        "gridColor": LINE,
        "labelLineHeight": _LINE_HEIGHT,
    },
    "header": {"labelColor": INK, "labelFontSize": 12.5, "labelFontWeight": "bold"},
    "text": {"color": INK, "fontSize": 12.5},
}
#: Labels were wrapped before: a line each.
SPLIT: Final = "split(datum.label, '\\n')"


def svg_of(chart: Any) -> str:
    """The picture, drawn without the network."""
    spec = chart.configure().to_dict(context={"pre_transform": False})
    spec["config"] = _CONFIG
    return str(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]))


def data(rows: Sequence[Mapping[str, Any]]) -> alt.InlineData:
    """Rows as a chart reads them."""
    return alt.InlineData(values=[dict(row) for row in rows])


def down(labels: Sequence[str], room: Room) -> alt.Y:
    """Rows in their order, named at the left."""
    return alt.Y(
        "row:N",
        sort=list(labels),
        title=None,
        axis=alt.Axis(
            labelExpr=SPLIT,
            domain=False,
            ticks=False,
            labelPadding=8,
            minExtent=room.labels,
            maxExtent=room.labels,
        ),
        scale=alt.Scale(paddingInner=0.35, paddingOuter=0.15),
    )


def height(labels: Sequence[str]) -> int:
    """High enough for the rows, whose labels may have several lines."""
    deepest = max(label.count("\n") + 1 for label in labels)
    return len(labels) * max(_ROW, deepest * _LINE_HEIGHT + 8)


def numbered(words: Sequence[str], letters: int) -> list[str]:
    """Wrapped; two alike are told apart by a space, for each place is its own."""
    found: list[str] = []
    for one in words:
        wrapped = "\n".join(wrap(one, letters, break_long_words=True)) or " "
        while wrapped in found:
            wrapped += " "
        found.append(wrapped)
    return found
