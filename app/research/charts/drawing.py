"""Pictures of shown parts as SVG: drawn from protected numbers alone, without the network, and the
same bytes each time. Loaded by the process that renders: Vega is memory."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any, Final

import altair as alt
import fontpkg_atkinson_hyperlegible as font
import vl_convert

from app.research.charts import figure_words
from app.research.charts.colours import INK, LINE, MUTED, PRIMARY, RESEARCH, SOFT
from app.research.charts.figure_words import HELD_BACK, Part

vl_convert.register_font_directory(str(font.ROOT / "files"))


@dataclass(frozen=True, slots=True)
class _Room:
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


#: As wide as a page, and half of it.
_WIDE: Final = _Room(720, 200, 130, 32, 6)
_NARROW: Final = _Room(350, 128, 80, 20, 3)
#: Beside a table on a screen, and as wide as a phone.
_BESIDE: Final = _Room(350, 128, 80, 20, 3, is_stacked=True)
_ROW: Final = 29
_LINE_HEIGHT: Final = 15
#: A table with more places than this is read as a table.
_MOST_ROWS: Final = 16
_MOST_COLUMNS: Final = 6
#: Under each other, so many bars are taken in at a glance.
_MOST_BARS: Final = 36
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
_SPLIT: Final = "split(datum.label, '\\n')"


def of(part: Part, *, is_narrow: bool = False) -> str | None:
    """A picture of one part, or None: a single number has none, and nor has what is held back."""
    return _alone(part, _NARROW if is_narrow else _WIDE)


def group(parts: Sequence[Part], *, is_narrow: bool = False) -> str | None:
    """A picture of estimates in one unit, each a dot and its interval, or of shares, each a bar.
    Those that are held back have their line and say so. What all their labels end with is left
    to the caption. None where nothing is told."""
    return _together(parts, _NARROW if is_narrow else _WIDE)


def beside(parts: Sequence[Part]) -> str | None:
    """A picture that stands beside its table on a screen, of one part or of several together."""
    if parts[0]["kind"] in ("estimate", "share"):
        return _together(parts, _BESIDE)
    return _alone(parts[0], _BESIDE)


def _alone(part: Part, room: _Room) -> str | None:
    draw = _PICTURES.get(part["kind"])
    return None if part["why"] or draw is None else draw(part, room)


def _together(parts: Sequence[Part], room: _Room) -> str | None:
    kinds = {(part["kind"], part.get("unit", "")) for part in parts}
    if len(kinds) != 1 or all(part["why"] for part in parts):
        return None
    labels = _numbered(figure_words.own_words([part["label"] for part in parts]), room.letters)
    draw = _shares if parts[0]["kind"] == "share" else _dots
    return draw(parts, labels, room)


def _wrapped(label: str, letters: int) -> str:
    return "\n".join(wrap(label, letters, break_long_words=True)) or " "


def _svg(chart: Any) -> str:
    spec = chart.configure().to_dict(context={"pre_transform": False})
    spec["config"] = _CONFIG
    return str(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]))


def _data(rows: Sequence[Mapping[str, Any]]) -> alt.InlineData:
    return alt.InlineData(values=[dict(row) for row in rows])


def _down(labels: Sequence[str], room: _Room) -> alt.Y:
    """Rows in their order, named at the left."""
    return alt.Y(
        "row:N",
        sort=list(labels),
        title=None,
        axis=alt.Axis(
            labelExpr=_SPLIT,
            domain=False,
            ticks=False,
            labelPadding=8,
            minExtent=room.labels,
            maxExtent=room.labels,
        ),
        scale=alt.Scale(paddingInner=0.35, paddingOuter=0.15),
    )


def _height(labels: Sequence[str]) -> int:
    """High enough for the rows, whose labels may have several lines."""
    deepest = max(label.count("\n") + 1 for label in labels)
    return len(labels) * max(_ROW, deepest * _LINE_HEIGHT + 8)


def _shares(parts: Sequence[Part], labels: Sequence[str], room: _Room) -> str:
    rows = [
        {"row": label, "value": part["percent"], "words": _share_words(part)}
        for part, label in zip(parts, labels, strict=True)
    ]
    x = alt.X("value:Q", scale=alt.Scale(domain=[0, 100]), axis=None)
    base = alt.Chart(_data(rows)).encode(y=_down(labels, room))
    whole = base.mark_bar(color=SOFT, height=18).encode(x=alt.value(0), x2=alt.value("width"))
    bars = base.mark_bar(color=RESEARCH, height=18).encode(x=x)
    words = base.mark_text(align="left", baseline="middle").encode(
        x=alt.value(room.middle + 10), text="words:N"
    )
    layered = alt.layer(whole, bars, words).properties(width=room.middle, height=_height(labels))
    return _svg(layered)


def _share_words(part: Part) -> str:
    if part["why"]:
        return HELD_BACK
    return f"{part['percent']}% of {figure_words.count(part['of'])}"


def _dots(parts: Sequence[Part], labels: Sequence[str], room: _Room) -> str:
    rows = [
        {
            "row": label,
            "value": part["value"],
            "low": part["low"],
            "high": part["high"],
            "words": figure_words.key(part),
        }
        for part, label in zip(parts, labels, strict=True)
    ]
    axis = alt.Axis(grid=True, tickCount=room.ticks, domain=False, title=None, labelExpr=_MINUS)
    if parts[0]["unit"] == "share":
        axis = alt.Axis(grid=True, tickCount=room.ticks, domain=False, title=None, format=".0%")
    if parts[0]["unit"] == "pence":
        axis = alt.Axis(
            grid=True,
            tickCount=room.ticks,
            domain=False,
            title=None,
            labelExpr="'£' + datum.value / 100",
        )
    x = alt.X("value:Q", axis=axis, scale=alt.Scale(zero=True, nice=True))
    base = alt.Chart(_data(rows)).encode(y=_down(labels, room))
    zero = (
        alt.Chart(_data([{"value": 0}])).mark_rule(color=MUTED, strokeWidth=1.5).encode(x="value:Q")
    )
    lines = base.mark_rule(color=RESEARCH, strokeWidth=2.5).encode(x="low:Q", x2="high:Q")
    dots = base.mark_point(filled=True, size=50, color=RESEARCH, opacity=1).encode(x=x)
    words = base.mark_text(align="left", baseline="middle").encode(
        x=alt.value(room.middle + 10), text="words:N"
    )
    layered = alt.layer(zero, lines, dots, words).properties(
        width=room.middle, height=_height(labels)
    )
    return _svg(layered)


_MINUS: Final = "replace(datum.label, '-', '−')"


def _curve(part: Part, room: _Room) -> str:
    """Steps, with how many are left at the end."""
    points = part["points"]
    last = points[-1]
    end = [{**last, "words": f"{figure_words.number(last['percent'])}%"}]
    x = alt.X(
        "day:Q",
        title="days",
        scale=alt.Scale(domain=[0, max(last["day"], 1)], nice=False),
        axis=alt.Axis(grid=False, tickCount=7),
    )
    y = alt.Y(
        "percent:Q",
        title=None,
        scale=alt.Scale(domain=[0, 100]),
        axis=alt.Axis(values=[0, 25, 50, 75, 100], labelExpr="datum.label + '%'", domain=False),
    )
    line = (
        alt.Chart(_data(points))
        .mark_line(interpolate="step-after", color=RESEARCH, strokeWidth=2.5)
        .encode(x=x, y=y)
    )
    words = (
        alt.Chart(_data(end))
        .mark_text(align="left", dx=6, fontSize=14, fontWeight="bold", color=RESEARCH)
        .encode(x=x, y=y, text="words:N")
    )
    return _svg(
        alt.layer(line, words).properties(width=room.width - 100, height=room.width * 3 // 8)
    )


def _table(part: Part, room: _Room) -> str | None:
    """Bars by row, a column of them for each column; a held-back cell says so, behind a broken
    line, so that it isn't taken for none."""
    head, rows = figure_words.rows(part)
    columns, rows = head[1:-1], rows[:-1]
    if not any(any(line) for line in part["cells"]):
        return None
    if not _is_for_eye(len(rows), len(columns), room):
        return None
    width = room.width - room.labels
    if not room.is_stacked:
        width //= len(columns)
    names = _numbered(columns, max(8, width // 8))
    labels = _numbered([figure_words.sentence_case(row[0]) for row in rows], room.letters)
    cells = [
        {
            "row": label,
            "column": name,
            "value": None if cell == HELD_BACK else int(cell.replace(",", "")),
            "words": cell,
        }
        for row, label in zip(rows, labels, strict=True)
        for name, cell in zip(names, row[1:-1], strict=True)
    ]
    return _panels(cells, labels, names, width, room)


def _is_for_eye(rows: int, columns: int, room: _Room) -> bool:
    """Whether a table is small enough to be seen at a glance."""
    if room.is_stacked:
        return rows * columns <= _MOST_BARS
    return rows <= _MOST_ROWS and columns <= _MOST_COLUMNS * room.width // _WIDE.width


def _numbered(words: Sequence[str], letters: int) -> list[str]:
    """Wrapped; two alike are told apart by a space, for each place is its own."""
    found: list[str] = []
    for one in words:
        wrapped = _wrapped(one, letters)
        while wrapped in found:
            wrapped += " "
        found.append(wrapped)
    return found


def _panels(
    cells: Sequence[Mapping[str, Any]],
    labels: Sequence[str],
    names: Sequence[str],
    width: int,
    room: _Room,
) -> str:
    most = max(cell["value"] or 0 for cell in cells) or 1
    bar_width = width - 16
    # Room for the number behind the longest bar.
    longest = most * bar_width / (bar_width - 40)
    x = alt.X("value:Q", axis=None, scale=alt.Scale(domain=[0, longest]))
    base = alt.Chart().encode(y=_down(labels, room))
    told = base.transform_filter("datum.value !== null")
    held = base.transform_filter("datum.value === null")
    bars = told.mark_bar(color=RESEARCH, height=16).encode(x=x)
    numbers = told.mark_text(align="left", baseline="middle", dx=5).encode(x=x, text="words:N")
    start = held.mark_tick(color=MUTED, height=16, thickness=1.5, strokeDash=[3, 2]).encode(
        x=alt.value(1)
    )
    words = held.mark_text(
        align="left", baseline="middle", dx=6, fontStyle="italic", color=MUTED
    ).encode(x=alt.value(0), text="words:N")
    faceted = (
        alt.layer(bars, numbers, start, words, data=_data(cells))
        .properties(width=bar_width, height=_height(labels))
        .facet(**_places(names, room), spacing=16)
    )
    return _svg(faceted)


def _places(names: Sequence[str], room: _Room) -> dict[str, Any]:
    """Columns of a table beside each other, or under each other."""
    header = alt.Header(
        labelExpr=_SPLIT, labelAlign="left", labelAnchor="start", labelLimit=0, labelOrient="top"
    )
    if room.is_stacked:
        return {"row": alt.Row("column:N", sort=list(names), title=None, header=header)}
    return {"column": alt.Column("column:N", sort=list(names), title=None, header=header)}


def _counts(part: Part, room: _Room) -> str | None:
    """A bar for each period, its number behind it."""
    if not any(part["people"]):
        return None
    labels = _numbered(part["places"], room.letters)
    rows = [
        {"row": label, "value": people, "words": figure_words.count(people)}
        for label, people in zip(labels, part["people"], strict=True)
    ]
    base = alt.Chart(_data(rows)).encode(y=_down(labels, room))
    x = alt.X("value:Q", axis=None, scale=alt.Scale(zero=True))
    told = base.transform_filter("datum.value !== null")
    bars = told.mark_bar(color=PRIMARY, height=16).encode(x=x)
    numbers = told.mark_text(align="left", baseline="middle", dx=5).encode(x=x, text="words:N")
    words = (
        base.transform_filter("datum.value === null")
        .mark_text(align="left", baseline="middle", dx=5, fontStyle="italic", color=MUTED)
        .encode(x=alt.value(0), text="words:N")
    )
    layered = alt.layer(bars, numbers, words).properties(
        width=room.width - room.labels - 60, height=_height(labels)
    )
    return _svg(layered)


_PICTURES: Final[Mapping[str, Callable[[Part, _Room], str | None]]] = {
    "table": _table,
    "curve": _curve,
    "counts": _counts,
}
