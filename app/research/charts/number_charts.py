"""Charts of numbers beside each other: shares as bars, estimates as dots with their intervals."""

from collections.abc import Sequence
from typing import Final

import altair as alt

from app.research.charts import figure_words
from app.research.charts.chart_frame import Room, data, down, height, svg_of
from app.research.charts.colours import MUTED, RESEARCH, SOFT
from app.research.charts.figure_words import HELD_BACK, Part

#: A minus that is as wide as a plus.
_MINUS: Final = "replace(datum.label, '-', '−')"
_POUNDS: Final = "(datum.value < 0 ? '−' : '') + '£' + abs(datum.value) / 100"
_TOLD: Final = "datum.value !== null"


def shares(parts: Sequence[Part], labels: Sequence[str], room: Room) -> str:
    """A bar of each in the bar of everybody; none where it is held back, or it would look like
    nobody."""
    rows = [
        {"row": label, "value": part["percent"], "words": _share_words(part)}
        for part, label in zip(parts, labels, strict=True)
    ]
    x = alt.X("value:Q", scale=alt.Scale(domain=[0, 100]), axis=None)
    base = alt.Chart(data(rows)).encode(y=down(labels, room))
    told = base.transform_filter(_TOLD)
    whole = told.mark_bar(color=SOFT, height=18).encode(x=alt.value(0), x2=alt.value("width"))
    bars = told.mark_bar(color=RESEARCH, height=18).encode(x=x)
    layered = alt.layer(whole, bars, *_at_the_end(base, room))
    return svg_of(layered.properties(width=room.middle, height=height(labels)))


def _share_words(part: Part) -> str:
    if part["why"]:
        return HELD_BACK
    return f"{part['percent']}% of {figure_words.count(part['of'])}"


def dots(parts: Sequence[Part], labels: Sequence[str], room: Room) -> str:
    """A dot of each on the line of its interval, beside the line of none."""
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
    axis = _axis(parts[0]["unit"], room)
    x = alt.X("value:Q", axis=axis, scale=alt.Scale(zero=True, nice=True))
    base = alt.Chart(data(rows)).encode(y=down(labels, room))
    none = alt.Chart(data([{"value": 0}])).mark_rule(color=MUTED, strokeWidth=1.5)
    lines = base.mark_rule(color=RESEARCH, strokeWidth=2.5).encode(x="low:Q", x2="high:Q")
    points = base.mark_point(filled=True, size=50, color=RESEARCH, opacity=1).encode(x=x)
    layered = alt.layer(none.encode(x="value:Q"), lines, points, *_at_the_end(base, room))
    return svg_of(layered.properties(width=room.middle, height=height(labels)))


def _axis(unit: str, room: Room) -> alt.Axis:
    axis = alt.Axis(grid=True, tickCount=room.ticks, domain=False, title=None)
    if unit == "share":
        axis.format = ".0%"
    else:
        axis.labelExpr = _POUNDS if unit == "pence" else _MINUS
    return axis


def _at_the_end(base: alt.Chart, room: Room) -> tuple[alt.Chart, alt.Chart]:
    """Each number in words, behind its row; what is held back in other type."""
    where = alt.value(room.middle + 10)
    told, held = base.transform_filter(_TOLD), base.transform_filter(f"!({_TOLD})")
    return (
        told.mark_text(align="left", baseline="middle").encode(x=where, text="words:N"),
        held.mark_text(align="left", baseline="middle", fontStyle="italic", color=MUTED).encode(
            x=where, text="words:N"
        ),
    )
