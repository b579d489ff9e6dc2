"""docs/measures.md, made from the measures as they are declared; `python -m tools.measures`."""

from collections.abc import Iterator
from typing import Final

from app.research.measures import catalogue
from app.research.measures.definitions import MeasureDefinition, MeasureSource
from tools.steps import ROOT

PAGE: Final = ROOT / "docs" / "measures.md"
_HEAD: Final = """# Measures

What an evaluation is told by, each defined once: the screen, this page and the program that
computes it read the same declaration (`app/research/measures`). This page is made by
`python -m tools.measures`.

A measure is computed from a frozen dataset, and what it finds is protected before anybody sees it
([research.md](research.md)).
"""
#: Fields of a declaration in the order of the page, each with what it is called there.
_FIELDS: Final = (
    ("numerator", "Counted"),
    ("denominator", "Out of"),
    ("window", "When"),
    ("base", "Of whom"),
    ("risk_set", "Who can be counted on which day"),
    ("left_truncation", "Before joining"),
)
_SOURCES: Final = {
    MeasureSource.EXACT: "exact rows, which stay inside",
    MeasureSource.BANDED: "the file in bands, which may leave too, with a loss that is told",
}


def page() -> str:
    """The page as it should be now."""
    lines = [_HEAD, "| measure | question |", "|---|---|"]
    lines += [f"| [{one.title}](#{_anchor(one)}) | {one.question} |" for one in catalogue.ALL]
    for one in catalogue.ALL:
        lines += ["", *_section(one)]
    return "\n".join(lines) + "\n"


def _section(one: MeasureDefinition) -> Iterator[str]:
    yield f"## {one.title}"
    yield f"\n`{one.name}`: {one.question}\n"
    for field, called in _FIELDS:
        if told := getattr(one, field):
            yield f"- **{called}**: {told}"
    yield f"- **Left out, or kept**: {' '.join(one.left_out)}"
    files = ", ".join(f"`{file}`" for file in one.needs)
    yield f"- **Computed from**: {_SOURCES[one.source]}: {files}"
    yield f"- **After**: {one.citation}."


def _anchor(one: MeasureDefinition) -> str:
    return one.title.lower().replace(" ", "-")


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
