"""What several editions share: a section that researchers wrote, who took part, who still answers,
what was held back, whom to ask."""

from collections.abc import Sequence
from typing import Final

from app.core.number_format import figure
from app.research.charts import figure_words
from app.research.documents import measure_summary, text
from app.research.documents.document import (
    Block,
    Bullets,
    Columns,
    Heading,
    Paragraph,
    Spans,
    TextSpan,
    words,
)
from app.research.documents.edition_kinds import EditionDefinition, EditionKind
from app.research.documents.figures import ReportFigure
from app.research.documents.material import Material
from app.research.documents.showing import Showing
from app.research.measures import catalogue
from app.research.measures.shown_parts import ShownResult
from app.research.protection.rules import OUTSIDE

#: What an edition begins with, behind follow-up.
_FIRST_NUMBERS: Final = (
    "reach.received",
    "reach.came",
    "retention.stayed_84",
    "response.any_4",
    "participation_classes.posted",
    "reach.agreed",
)
_AT_A_GLANCE: Final = 4
#: Of what an adviser said, where nobody has answered.
NOT_ANSWERED: Final = "Not answered yet."
#: Measures that are asked for first, where the plan names no others.
_FIRST: Final = (
    "outcome_change",
    "retention",
    "response",
    "adverse_experiences",
    "six_values",
    "service_use",
)
#: They have a place of their own in each edition.
_APART: Final = ("reach", "follow_up")


def written(material: Material, showing: Showing, name: str, level: int) -> tuple[Block, ...]:
    """What researchers wrote in a section; nothing where they wrote nothing."""
    return text.blocks(material.texts.get(name, ""), showing, level)


def lead(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """With its first paragraph as the lead."""
    first, *rest = blocks
    if isinstance(first, Paragraph):
        return (Paragraph(first.spans, is_lead=True), *rest)
    return tuple(blocks)


def day(material: Material) -> str:
    """The day on which the edition was made: `28 November 2026`."""
    return told_day(material.made_on)


def told_day(date: object) -> str:
    """A day in words."""
    return f"{date:%-d %B %Y}"


def subtitle(material: Material, definition: EditionDefinition) -> str:
    """What it is, its number and its day."""
    return f"{definition.title} · edition {material.number} · {day_in_title(material)}"


def day_in_title(material: Material) -> str:
    """The same day, on one line."""
    return day(material).replace(" ", "\N{NO-BREAK SPACE}")


def foot(material: Material, showing: Showing) -> str:
    """Said on every page."""
    return f"{material.study_title} · {showing.origin.line}"


def numbers(showing: Showing, names: Sequence[str]) -> list[ReportFigure]:
    """These figures, where the dataset has them."""
    return [showing.figures[name] for name in names if name in showing.figures]


def first_numbers(showing: Showing) -> list[ReportFigure]:
    """The first four of an edition that are told: follow-up before all, then who took part."""
    found = measure_summary.keys(showing, "follow_up")[:1] + numbers(showing, _FIRST_NUMBERS)
    told = [one for one in found if not one.why]
    return (told or found)[:_AT_A_GLANCE]


def who_took_part(showing: Showing) -> tuple[Block, ...]:
    """In sentences, each with its denominator."""
    names = ("reach.agreed", "reach.received", "reach.came", "reach.came_in_person")
    return (sentences(showing, numbers(showing, names)),)


def still_answering(showing: Showing, *, is_narrow: bool = False) -> tuple[Block, ...]:
    """How many handed in each wave, as a picture; without questionnaires, that there are none."""
    chart = measure_summary.picture(showing, "follow_up", is_narrow=is_narrow)
    if chart is None:
        return (Paragraph(words("No later questionnaire has been handed in yet, or too few.")),)
    return (
        Paragraph(
            words(
                "Whatever is said of change is said of those who went on answering. So this comes "
                "first."
            )
        ),
        chart,
    )


def sentences(showing: Showing, figures: Sequence[ReportFigure]) -> Bullets:
    """Each in a sentence."""
    return Bullets(tuple(showing.said(one) for one in figures))


def planned(material: Material) -> tuple[list[str], list[str]]:
    """Measures with results as they are told: the plan's primary ones first, then all others."""
    have = [result.measure for result in material.results]
    plan = material.plan
    primary = [name for name in (plan.primary_measures if plan else ()) if name in have]
    return primary, [name for name in have if name not in primary]


def question(measure: str) -> Spans:
    """What a measure wants to know."""
    declared = catalogue.find(measure)
    return (TextSpan(declared.question if declared else measure, is_emphasised=True),)


def title(measure: str) -> str:
    """A measure as it is named in headings."""
    declared = catalogue.find(measure)
    return declared.title if declared else figure_words.sentence_case(measure.replace("_", " "))


def findings(
    showing: Showing, measure: str, level: int, *, is_narrow: bool = False
) -> tuple[Block, ...]:
    """One measure: what it asks, its first numbers and its picture."""
    told = measure_summary.blocks(showing, measure, is_narrow=is_narrow)
    return (Heading(level, title(measure)), Paragraph(question(measure)), *told)


def without_results(material: Material) -> tuple[Block, ...]:
    """Measures of which nothing could be computed, and why, so that none is missing in silence."""
    found = [one for one in material.results if one.why]
    if not found:
        return ()
    items = tuple(
        (TextSpan(f"{title(one.measure)}: ", is_strong=True), TextSpan(_why(one))) for one in found
    )
    return (Paragraph(words("Not computed:")), Bullets(items))


def _where_departures(material: Material) -> str:
    if material.kind is EditionKind.FULL_REPORT:
        return "see “What came otherwise than planned”"
    return "the full report tells " + ("it" if len(material.departures) == 1 else "each")


def _why(result: ShownResult) -> str:
    return figure_words.full_sentence(result.why)


def limits(material: Material, showing: Showing) -> tuple[Block, ...]:
    """What is always to be said of these figures."""
    parts = [one.part for one in showing.figures.values()]
    told = [part for part in parts if not (part["why"] or figure_words.is_held_back(part))]
    held, cells = len(parts) - len(told), sum(map(figure_words.held_back, told))
    said = [
        "People chose to take part, and nobody was assigned to anything: what goes together need "
        "not be cause and effect.",
        f"To protect people, {figure(held)} of {figure(len(parts))} figures are held back"
        f"{f', and {figure(cells)} cells of tables' if cells else ''}. {OUTSIDE.sentence}",
    ]
    if material.plan is None:
        said.append("No analysis plan was registered before the data was looked at.")
    if material.departures:
        said.append(
            f"The analysis departs from its plan in {figure(len(material.departures))} "
            f"{'way' if len(material.departures) == 1 else 'ways'}: {_where_departures(material)}."
        )
    return (Bullets(tuple(words(one) for one in said)), *without_results(material))


def about(material: Material, showing: Showing) -> tuple[Block, ...]:
    """What it was made from, and whom to ask."""
    lines = [
        f"Made on {day(material)} from {showing.origin.line}, which was frozen on "
        f"{told_day(material.frozen_on)}. Everybody can read these figures; those of single people "
        "are in none of them.",
    ]
    if material.contact:
        lines.append(f"Who to ask: {material.contact}")
    return tuple(Paragraph(words(line)) for line in lines)


def number_row(showing: Showing, figures: Sequence[ReportFigure]) -> tuple[Block, ...]:
    """Numbers large, where there are any."""
    return showing.large(figures)


def told_first(material: Material) -> list[str]:
    """Measures that are shown where there is room for few: the plan's primary ones, then those
    that are asked for first. Who took part and who still answers stand apart."""
    primary, others = planned(material)
    return [
        name for name in (*primary, *(one for one in _FIRST if one in others)) if name not in _APART
    ]


def done(material: Material) -> tuple[Block, ...]:
    """What was done, where researchers have not written it."""
    plan = material.plan
    lines = [plan.questions, plan.population] if plan else []
    asked = ", ".join(one.title for one in material.instruments)
    if asked:
        lines.append(f"People were asked: {asked}.")
    return tuple(
        Paragraph(words(line))
        for line in lines
        or [
            "Members who agreed let the study keep a record of what they do: when they post, reply "
            f"and read, not what they write. It was read up to {told_day(material.frozen_on)}."
        ]
    )


def nothing_found(material: Material) -> tuple[Block, ...]:
    """Where an edition has nothing to show of what was found."""
    held = "Nothing of it can be told: each figure is held back, to protect people."
    none = "Nothing was found yet: no measure has been computed."
    is_held = any(one.parts for one in material.results)
    return (Paragraph(words(held if is_held else none)),)


def side_by_side(told: Sequence[tuple[Block, ...]]) -> tuple[Block, ...]:
    """Two and two beside each other."""
    pairs = (tuple(told[place : place + 2]) for place in range(0, len(told), 2))
    return tuple(Columns(pair) for pair in pairs)
