"""The definition of a measure as a table of a report."""

from typing import Final

from app.research.documents.document import ReportTable
from app.research.measures.definitions import MeasureDefinition, MeasureSource

_SOURCES: Final = {
    MeasureSource.EXACT: "Exact rows, which stay inside.",
    MeasureSource.BANDED: "The file in bands that may leave, so something is lost.",
}


def table(measure: MeasureDefinition) -> ReportTable:
    """What is counted, of whom, when, what is left out, and after which paper."""
    said = (
        ("What is counted", measure.numerator),
        ("Out of what", measure.denominator),
        ("Time", measure.window),
        ("Who is counted", measure.base),
        ("Who can be counted when", measure.risk_set),
        ("Before joining", measure.left_truncation),
        ("Left out, or kept", " ".join(measure.left_out)),
        ("Computed from", _SOURCES[measure.source]),
        ("After", measure.citation),
    )
    rows = tuple((head, words) for head, words in said if words)
    return ReportTable(f"How it is measured: {measure.title}", ("Part", "Definition"), rows)
