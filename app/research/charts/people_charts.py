"""Charts of people: a table as bars, a curve, counts by time."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import altair as alt

from app.research.charts import figure_tables, figure_words
from app.research.charts.chart_frame import SPLIT, WIDE, Room, data, down, height, numbered, svg_of
from app.research.charts.colours import MUTED, PRIMARY, RESEARCH
from app.research.charts.figure_words import Part

#: A table with more places than this is read as a table.
_MOST_ROWS: Final = 16
#: One row is read as quickly as its picture.
_FEWEST_ROWS: Final = 2
_MOST_COLUMNS: Final = 6
#: Under each other, so many bars are taken in at a glance.
_MOST_BARS: Final = 36


def curve(part: Part, room: Room) -> str:
    """Steps, with how many are left at the end."""
    points = part["points"]
    last = points[-1]
    end = [{**last, "words": figure_words.still_there(last["percent"])}]
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
        alt.Chart(data(points))
        .mark_line(interpolate="step-after", color=RESEARCH, strokeWidth=2.5)
        .encode(x=x, y=y)
    )
    words = (
        alt.Chart(data(end))
        .mark_text(align="left", dx=6, fontSize=14, fontWeight="bold", color=RESEARCH)
        .encode(x=x, y=y, text="words:N")
    )
    return svg_of(
        alt.layer(line, words).properties(width=room.width - 100, height=room.width * 3 // 8)
    )


def table(part: Part, room: Room) -> str | None:
    """Bars by row, a column of them for each column; a held-back cell says so, behind a broken
    line, so that it isn't taken for none."""
    told = figure_tables.cells(part)
    is_empty = not any(any(line) for line in told.cells)
    if is_empty or not _is_for_eye(len(told.down), len(told.across), room):
        return None
    if len(told.across) == 1:
        room = room.for_long_labels()
    labels = numbered([figure_words.sentence_case(row) for row in told.down], room.letters)
    room = room.beside(labels)
    width = room.width - room.labels
    if not room.is_stacked:
        width //= len(told.across)
    columns = [figure_words.sentence_case(column) for column in told.across]
    names = numbered(columns, max(8, width // 8))
    cells = [
        {"row": label, "column": name, "value": people, "words": figure_words.count(people)}
        for label, line in zip(labels, told.cells, strict=True)
        for name, people in zip(names, line, strict=True)
    ]
    return _panels(cells, labels, names, width, room)


def _panels(
    cells: Sequence[Mapping[str, Any]],
    labels: Sequence[str],
    names: Sequence[str],
    width: int,
    room: Room,
) -> str:
    most = max(cell["value"] or 0 for cell in cells) or 1
    bar_width = width - 16
    # Room for the number behind the longest bar.
    longest = most * bar_width / (bar_width - 40)
    x = alt.X("value:Q", axis=None, scale=alt.Scale(domain=[0, longest]))
    base = alt.Chart().encode(y=down(labels, room))
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
        alt.layer(bars, numbers, start, words, data=data(cells))
        .properties(width=bar_width, height=height(labels))
        .facet(**_places(names, room), spacing=16)
    )
    return svg_of(faceted)


def _is_for_eye(rows: int, columns: int, room: Room) -> bool:
    """Whether a table is small enough to be seen at a glance, and too large to be read as one."""
    if rows < _FEWEST_ROWS:
        return False
    if room.is_stacked:
        return rows * columns <= _MOST_BARS
    return rows <= _MOST_ROWS and columns <= _MOST_COLUMNS * room.width // WIDE.width


def _places(names: Sequence[str], room: Room) -> dict[str, Any]:
    """Columns of a table beside each other, or under each other."""
    header = alt.Header(
        labelExpr=SPLIT, labelAlign="left", labelAnchor="start", labelLimit=0, labelOrient="top"
    )
    if room.is_stacked:
        return {"row": alt.Row("column:N", sort=list(names), title=None, header=header)}
    return {"column": alt.Column("column:N", sort=list(names), title=None, header=header)}


def counts(part: Part, room: Room) -> str | None:
    """A bar for each period, its number behind it."""
    if not any(part["people"]):
        return None
    labels = numbered([figure_words.sentence_case(one) for one in part["places"]], room.letters)
    room = room.beside(labels)
    rows = [
        {"row": label, "value": people, "words": figure_words.count(people)}
        for label, people in zip(labels, part["people"], strict=True)
    ]
    base = alt.Chart(data(rows)).encode(y=down(labels, room))
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
        width=room.width - room.labels - 60, height=height(labels)
    )
    return svg_of(layered)
