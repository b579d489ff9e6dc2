"""Pictures of shown parts as SVG: drawn from protected numbers alone, without the network, and the
same bytes each time. Loaded by the process that renders: Vega is memory."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from app.research.charts import figure_words, flow_chart, number_charts, people_charts
from app.research.charts.chart_frame import BESIDE, NARROW, WIDE, Room, numbered
from app.research.charts.figure_words import Part
from app.research.charts.flow_steps import FlowStep


def of(part: Part, *, is_narrow: bool = False) -> str | None:
    """A picture of one part, or None: a single number has none, and nor has what is held back."""
    return _alone(part, NARROW if is_narrow else WIDE)


def group(parts: Sequence[Part], *, is_narrow: bool = False) -> str | None:
    """A picture of estimates in one unit, each a dot and its interval, or of shares, each a bar.
    Those that are held back have their line and say so. What all their labels end with is left
    to the caption. None where nothing is told."""
    return _together(parts, NARROW if is_narrow else WIDE)


def flow(steps: Sequence[FlowStep], *, is_narrow: bool = False) -> str | None:
    """The flow of participants; None where there is none."""
    return flow_chart.draw(steps, is_narrow=is_narrow) if steps else None


def beside(parts: Sequence[Part]) -> str | None:
    """A picture that stands beside its table on a screen, of one part or of several together."""
    if parts[0]["kind"] in ("estimate", "share"):
        return _together(parts, BESIDE)
    return _alone(parts[0], BESIDE)


def _alone(part: Part, room: Room) -> str | None:
    draw = _PICTURES.get(part["kind"])
    return None if part["why"] or draw is None else draw(part, room)


def _together(parts: Sequence[Part], room: Room) -> str | None:
    kinds = {(part["kind"], part.get("unit", "")) for part in parts}
    if len(kinds) != 1 or all(part["why"] for part in parts):
        return None
    labels = numbered(figure_words.own_words([part["label"] for part in parts]), room.letters)
    draw = number_charts.shares if parts[0]["kind"] == "share" else number_charts.dots
    return draw(parts, labels, room.beside(labels))


_PICTURES: Final[Mapping[str, Callable[[Part, Room], str | None]]] = {
    "table": people_charts.table,
    "curve": people_charts.curve,
    "counts": people_charts.counts,
}
