"""How a study was done, as a chapter: its plan section by section, what came otherwise, what was
asked, and how people are protected."""

from collections.abc import Iterator, Sequence

from app.research.charts.figure_words import full_sentence
from app.research.documents import shared_sections
from app.research.documents.document import (
    Block,
    Bullets,
    Heading,
    Paragraph,
    TextSpan,
    words,
)
from app.research.documents.material import InstrumentAsked, Material, PlannedAnalysis
from app.research.protection.rules import OUTSIDE


def blocks(material: Material) -> Iterator[Block]:
    """The chapter, without its heading."""
    yield from _plan(material.plan)
    yield from _departures(material)
    yield from _instruments(material.instruments)
    yield Heading(2, "How people are protected in these figures")
    yield Paragraph(
        words(
            "Every figure was protected before anybody who wrote this report saw it, and all "
            "figures of this study, those of earlier datasets too, were checked together. "
            "Pictures are drawn from protected figures alone. What a rule took stands under each "
            "table."
        )
    )
    yield Paragraph(words(OUTSIDE.sentence))


def _plan(plan: PlannedAnalysis | None) -> Iterator[Block]:
    yield Heading(2, "Analysis plan")
    if plan is None:
        yield Paragraph(words("No plan was registered before the data was looked at."))
        return
    signed = shared_sections.told_day(plan.signed_on)
    yield Paragraph(
        words(f"Version {plan.version}, signed by a second person on {signed}, is in force.")
    )
    said = (
        ("Questions", plan.questions),
        ("Primary measures", _titles(plan.primary_measures)),
        ("Secondary measures", _titles(plan.secondary_measures) or "None."),
        ("Whose data, from when until when", plan.population),
        ("Missing answers", plan.missing_answers),
        ("The smallest change worth having", plan.worthwhile_change),
    )
    for title, text in said:
        yield Heading(3, title)
        yield from (Paragraph(words(line)) for line in text.splitlines() if line.strip())


def _titles(measures: Sequence[str]) -> str:
    return ", ".join(map(shared_sections.title, measures))


def _departures(material: Material) -> Iterator[Block]:
    yield Heading(2, "What came otherwise than planned")
    if not material.departures:
        yield Paragraph(words("Nothing was noted as a departure from the plan."))
        return
    yield Bullets(
        tuple(
            (
                TextSpan(one.departs, is_strong=True),
                TextSpan(f" {one.reason} (noted on {shared_sections.told_day(one.noted_on)})"),
            )
            for one in material.departures
        )
    )


def _instruments(instruments: Sequence[InstrumentAsked]) -> Iterator[Block]:
    yield Heading(2, "What people were asked")
    if not instruments:
        yield Paragraph(words("This study asked no questionnaires."))
    for one in instruments:
        yield Heading(3, f"{one.title} ({one.name}, version {one.version})")
        yield Paragraph(
            words(f"{full_sentence(one.citation)} Licence: {full_sentence(one.licence)}")
        )
        if one.items:
            yield Bullets(tuple(words(item) for item in one.items), is_numbered=True)
        else:
            yield Paragraph(words("Its words need a licence, and are not printed here."))
