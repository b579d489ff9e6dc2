"""The toolkit for peer-support groups: values, decisions, needs, harms, and pages to print; what
people in this study said stands beside each."""

from collections.abc import Iterator
from typing import Final

from app.research.documents import shared_sections, text
from app.research.documents.document import (
    Block,
    Box,
    Bullets,
    Contents,
    Document,
    Heading,
    Layout,
    Lines,
    Paragraph,
    TextSpan,
    words,
)
from app.research.documents.edition_kinds import EditionDefinition, EditionKind, Section
from app.research.documents.editions import harm_pages, printed_pages, tenths, toolkit_words
from app.research.documents.editions.toolkit_words import GroupDecision
from app.research.documents.editions.value_pages import SixValues
from app.research.documents.material import Advice, Material
from app.research.documents.showing import Showing

LAYOUT: Final = Layout.REPORT
DEFINITION: Final = EditionDefinition(
    kind=EditionKind.TOOLKIT,
    title="Toolkit for peer-support groups",
    for_whom="People who run a peer-support group, or want to begin one.",
    sections=(
        Section("introduction", "Who this is from", "Who made this, with whom, and for whom."),
        Section("values", "About the values", "What you learned of the values that figures miss."),
        Section("decisions", "About the decisions", "How groups in your study decided, and why."),
        Section("needs", "What members need", "What members told you that they need."),
        Section("harms", "What can go wrong", "What went wrong, and what groups did about it."),
        Section("closing", "Thanks, and whom to ask", "Who helped, and how a group can reach you."),
    ),
)

_WORDS: Final = toolkit_words.words()
_MINUTES: Final = 60


def compose(material: Material, showing: Showing) -> Document:
    """The whole of it."""
    kit = _Toolkit(material, showing)
    blocks = tuple(kit.blocks())
    return Document(
        title=DEFINITION.title,
        subtitle=" · ".join(
            (
                material.study_title,
                f"edition {material.number}",
                shared_sections.day_in_title(material),
            )
        ),
        layout=LAYOUT,
        language="en",
        foot=shared_sections.foot(material, showing),
        blocks=(*blocks, Heading(2, "Where the numbers come from"), showing.sources(blocks)),
    )


class _Toolkit:
    """Writes the parts around the figures of one study."""

    def __init__(self, material: Material, showing: Showing) -> None:
        self._material = material
        self._showing = showing
        self._values = SixValues(showing)

    def blocks(self) -> Iterator[Block]:
        """All parts in their order."""
        yield from self._markdown(_WORDS.start)
        yield from self._text("introduction")
        yield Heading(1, "How to read the numbers")
        yield from self._markdown(_WORDS.reading_figures)
        yield Contents(starts_page=True)
        yield from self._all_values()
        yield from self._decisions()
        yield from self._needs()
        yield Heading(1, "What can go wrong", starts_page=True)
        yield from self._markdown(_WORDS.harms.intro)
        written = self._text("harms")
        yield from written
        yield from harm_pages.blocks(self._showing, starts_page=bool(written))
        yield Heading(1, "Pages to print", starts_page=True)
        yield from self._markdown(toolkit_words.printed().intro)
        yield printed_pages.contents()
        yield from printed_pages.blocks(self._showing)
        yield Heading(1, "Thanks and sources", starts_page=True)
        yield from self._text("closing")
        if self._material.contact:
            yield from self._markdown(f"**Contact:** {self._material.contact}")
        yield from self._markdown(_WORDS.sources.lines)

    def _markdown(self, markdown: str) -> tuple[Block, ...]:
        return text.blocks(markdown, self._showing)

    def _text(self, section: str) -> tuple[Block, ...]:
        return self._markdown(self._material.texts.get(section, ""))

    def _all_values(self) -> Iterator[Block]:
        yield Heading(1, "The six values", starts_page=True)
        yield from self._markdown(_WORDS.values.intro)
        yield from self._text("values")
        yield from self._values.blocks()

    def _decisions(self) -> Iterator[Block]:
        yield Heading(1, "Five decisions", starts_page=True)
        yield from self._markdown(_WORDS.decisions.intro)
        if self._values.are_told:
            yield from self._markdown(_WORDS.decisions.by_kind)
        written = self._text("decisions")
        yield from written
        for number, decision in enumerate(_WORDS.decisions.each):
            yield from _decision(decision, starts_page=number > 0 or bool(written))

    def _needs(self) -> Iterator[Block]:
        said = _WORDS.needs
        yield Heading(1, "What people said they need", starts_page=True)
        yield from self._markdown(said.intro)
        yield from self._text("needs")
        told = (*self._values.most_and_least(), *self._answers())
        yield from told or (Paragraph(words(_WORDS.needs.nothing)),)
        if self._material.advice:
            yield Heading(2, said.advice)
            yield Paragraph(words(said.advice_intro))
            yield from map(_advice, self._material.advice)

    def _answers(self) -> Iterator[Block]:
        """How many posts were answered within a day, and how long half of them waited."""
        within, waited = (
            self._showing.figures.get(f"response.any_{one}") for one in ("4", "median")
        )
        if within is None or waited is None:
            return
        yield Heading(2, "Being answered")
        if within.why:
            yield Paragraph(words(_WORDS.needs.not_answered))
            return
        posts = tenths.words(float(within.part["value"]), "posts")
        said = (
            TextSpan(posts, is_strong=True, figure=within.name),
            TextSpan(_WORDS.needs.answered),
        )
        yield Paragraph(said)
        if not waited.why:
            hours = TextSpan(_waited(int(waited.part["value"])), is_strong=True, figure=waited.name)
            yield Paragraph((TextSpan(_WORDS.needs.waited), hours, TextSpan(".")))


def _decision(decision: GroupDecision, *, starts_page: bool) -> Iterator[Block]:
    yield Heading(2, decision.title, starts_page)
    yield Paragraph(words(decision.about), is_lead=True)
    for choice, speaks_for_it, look_out_for in decision.choices:
        yield Heading(3, choice)
        yield Bullets(
            (
                (TextSpan(_WORDS.decisions.for_it, is_strong=True), TextSpan(speaks_for_it)),
                (TextSpan(_WORDS.decisions.look_out, is_strong=True), TextSpan(look_out_for)),
            )
        )
    yield Heading(3, "Questions to decide by")
    yield Bullets(tuple(words(one) for one in decision.ask))
    lines = (Lines(1, "What"), Lines(2, "Why"), Lines(1, "We look at it again on"))
    yield Box(_WORDS.decisions.made, lines)


def _advice(advice: Advice) -> Box:
    answers = (
        Paragraph((TextSpan("What we did: ", is_strong=True), TextSpan(one)))
        for one in advice.answers
    )
    none = () if advice.answers else (Paragraph(words(shared_sections.NOT_ANSWERED)),)
    return Box("", (Paragraph(words(advice.words)), *answers, *none))


def _waited(minutes: int) -> str:
    """`10 minutes`, `6 hours`."""
    hours = minutes // _MINUTES
    if hours == 0:
        return f"{minutes} minutes"
    return "an hour" if hours == 1 else f"{hours} hours"
