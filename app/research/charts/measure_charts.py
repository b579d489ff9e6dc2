"""The charts of one measure, drawn from what may be seen of it. Loaded by the process that
computes: Vega is memory."""

from collections.abc import Sequence

from app.research.charts import drawing
from app.research.charts.figure_words import Part
from app.research.charts.standalone import standalone
from app.research.charts.together import charts_of


def draw(measure: str, parts: Sequence[Part]) -> dict[str, str]:
    """SVG by the name of the chart. What is held back as a whole, and what is too large to be seen
    at a glance, has none."""
    drawn = {one.name: drawing.beside(one.parts) for one in charts_of(measure, parts)}
    return {name: standalone(svg) for name, svg in drawn.items() if svg is not None}
