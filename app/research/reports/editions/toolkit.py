"""The toolkit for peer-support groups: values, decisions, needs, harms, and pages to print; what
people in this study said stands beside each."""

from collections.abc import Iterator
from typing import Final

from app.research.reports import sections, text
from app.research.reports.document import (
    Block,
    Box,
    Bullets,
    Contents,
    Document,
    Heading,
    Layout,
    Lines,
    Paragraph,
    Span,
    Table,
    words,
)
from app.research.reports.editions import latest, printed_pages, tenths, toolkit_words
from app.research.reports.editions.tenths import CountedPeople
from app.research.reports.editions.toolkit_words import GroupDecision, Harm, Value
from app.research.reports.figure_words import HELD_BACK, count, sentence_case
from app.research.reports.figures import Figure
from app.research.reports.kinds import EditionDefinition, EditionKind, Section
from app.research.reports.material import Advice, Material
from app.research.reports.showing import Showing

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
_VALUES: Final = "six_values"
_HARMS: Final = "adverse_experiences"
_LINES_TO_WRITE: Final = 9
#: Shares that are nearer to each other than this are told as alike.
_APART: Final = 0.1
_MINUTES: Final = 60
#: Harms of a page, with lines to write on.
_HARMS_ON_A_PAGE: Final = 2


def compose(material: Material, showing: Showing) -> Document:
    """The whole of it."""
    kit = _Toolkit(material, showing)
    blocks = tuple(kit.blocks())
    return Document(
        title=DEFINITION.title,
        subtitle=f"{material.study_title} · edition {material.number} · {sections.day(material)}",
        layout=LAYOUT,
        language="en",
        foot=sections.foot(material, showing),
        blocks=(*blocks, Heading(2, "Where the numbers come from"), showing.sources(blocks)),
    )


class _Toolkit:
    """Writes the parts around the figures of one study."""

    def __init__(self, material: Material, showing: Showing) -> None:
        self._material = material
        self._showing = showing
        found = ((one, latest.find(showing, _VALUES, one.score)) for one in _WORDS.values.each)
        self._values = {one.score: figure for one, figure in found if figure is not None}

    def blocks(self) -> Iterator[Block]:
        """All parts in their order."""
        yield from self._markdown(_WORDS.start)
        yield from self._text("introduction")
        yield Heading(1, "How to read the numbers")
        yield from self._markdown(_WORDS.reading_figures)
        yield Heading(1, "Contents", starts_page=True)
        yield Contents()
        yield from self._all_values()
        yield from self._decisions()
        yield from self._needs()
        yield from self._harms()
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
        yield Heading(2, "All six, by kind of group")
        yield Paragraph(words(_WORDS.values.how_asked))
        if self._values:
            yield self._by_kind()
        else:
            yield Paragraph(words(_WORDS.no_answers))
        for value in _WORDS.values.each:
            yield from self._value(value)

    def _by_kind(self) -> Table:
        """A row a kind of group, and all of them last."""
        named = {value.score: value.title for value in _WORDS.values.each}
        tables = list(self._values.values())
        kinds = tables[0].part["rows"]
        lines = [
            (sentence_case(kind), *(_percent(tenths.of_first_column(one, row)) for one in tables))
            for row, kind in enumerate(kinds)
        ]
        everyone = ("All", *(_percent(tenths.of_first_column(one)) for one in tables))
        return Table(
            caption=f"{_WORDS.values.in_all}, {latest.when(tables[0])}",
            head=("Kind of group", *(named[score] for score in self._values)),
            rows=(*lines, everyone),
            note=str(tables[0].part["rule"]),
            source=self._showing.source(tables[0]),
            figure=tables[0].name,
        )

    def _value(self, value: Value) -> Iterator[Block]:
        yield Heading(2, value.title, starts_page=True)
        yield Paragraph(words(value.means), is_lead=True)
        yield from self._said_of(value)
        yield Heading(3, "Questions to ask yourselves")
        yield Bullets(tuple(words(one) for one in value.ask))
        yield Box("One thing to try", (Paragraph(words(value.try_)),))
        yield Lines(_LINES_TO_WRITE, _WORDS.values.our_answer)

    def _said_of(self, value: Value) -> Iterator[Block]:
        statement = printed_pages.statements().items[value.score.removesuffix("_score")].text
        figure = self._values.get(value.score)
        yield Heading(3, "What people in this study said")
        if figure is None:
            yield Paragraph(words(_WORDS.no_answers))
            return
        told = tenths.of_first_column(figure)
        asked = Span(f"“{statement}” ", is_emphasised=True)
        if told.tenths is None:
            yield Paragraph((asked, Span("How many people said so is held back.")))
            return
        yield Paragraph((asked, _spoken(told), Span(f" said “mostly” or “completely”{_of(told)}.")))

    def _decisions(self) -> Iterator[Block]:
        yield Heading(1, "Five decisions", starts_page=True)
        yield from self._markdown(_WORDS.decisions.intro)
        if self._values:
            yield from self._markdown(_WORDS.decisions.by_kind)
        yield from self._text("decisions")
        for number, decision in enumerate(_WORDS.decisions.each):
            yield from _decision(decision, starts_page=number > 0)

    def _needs(self) -> Iterator[Block]:
        said = _WORDS.needs
        yield Heading(1, "What people said they need", starts_page=True)
        yield from self._markdown(said.intro)
        yield from self._text("needs")
        told = (*self._ends_of_values(), *self._answers())
        yield from told or (Paragraph(words(_WORDS.needs.nothing)),)
        if self._material.advice:
            yield Heading(2, said.advice)
            yield Paragraph(words(said.advice_intro))
            yield from map(_advice, self._material.advice)

    def _ends_of_values(self) -> Iterator[Block]:
        """The values that most and fewest met, where they are apart by a tenth or more."""
        told = {score: tenths.of_first_column(one) for score, one in self._values.items()}
        shares = {score: share for score, one in told.items() if (share := one.share) is not None}
        if not shares:
            return
        yield Heading(2, "Which values people met most, and least")
        least, most = (pick(shares, key=shares.__getitem__) for pick in (min, max))
        if shares[most] - shares[least] < _APART:
            yield Paragraph(words(_WORDS.needs.alike))
            return
        named = {value.score: value.title.lower() for value in _WORDS.values.each}
        for sentence, score in ((_WORDS.needs.least, least), (_WORDS.needs.most, most)):
            yield _filled(sentence.replace("{value}", named[score]), told[score])

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
        said = (Span(posts, is_strong=True, figure=within.name), Span(_WORDS.needs.answered))
        yield Paragraph(said)
        if not waited.why:
            hours = Span(_waited(int(waited.part["value"])), is_strong=True, figure=waited.name)
            yield Paragraph((Span(_WORDS.needs.waited), hours, Span(".")))

    def _harms(self) -> Iterator[Block]:
        said = _WORDS.harms
        yield Heading(1, "What can go wrong", starts_page=True)
        yield from self._markdown(said.intro)
        ever = self._showing.figures.get(f"{_HARMS}.adverse_ever")
        if ever is not None:
            told = tenths.of_share(ever)
            yield Paragraph((Span(said.ever), _spoken(told, is_first=False), Span(said.ever_end)))
        yield from self._text("harms")
        for number, harm in enumerate(said.each):
            starts_page = number > 0 and number % _HARMS_ON_A_PAGE == 0
            yield Heading(2, harm.title, starts_page)
            yield from self._harm(harm)

    def _harm(self, harm: Harm) -> Iterator[Block]:
        said = _WORDS.harms
        yield Paragraph(words(harm.feels))
        figure = latest.find(self._showing, _HARMS, harm.kind)
        if figure is not None:
            yield _named(figure)
        steps = ((said.before, harm.before), (said.then, harm.then), (said.after, harm.after))
        yield Bullets(
            tuple((Span(f"{when}. ", is_strong=True), Span(what)) for when, what in steps)
        )
        yield Lines(2, said.our_plan)


def _decision(decision: GroupDecision, *, starts_page: bool) -> Iterator[Block]:
    yield Heading(2, decision.title, starts_page)
    yield Paragraph(words(decision.about), is_lead=True)
    for choice, speaks_for_it, look_out_for in decision.choices:
        yield Heading(3, choice)
        yield Bullets(
            (
                (Span(_WORDS.decisions.for_it, is_strong=True), Span(speaks_for_it)),
                (Span(_WORDS.decisions.look_out, is_strong=True), Span(look_out_for)),
            )
        )
    yield Heading(3, "Questions to decide by")
    yield Bullets(tuple(words(one) for one in decision.ask))
    lines = (Lines(1, "What"), Lines(2, "Why"), Lines(1, "We look at it again on"))
    yield Box(_WORDS.decisions.made, lines)


def _advice(advice: Advice) -> Box:
    answers = (
        Paragraph((Span("What we did: ", is_strong=True), Span(one))) for one in advice.answers
    )
    return Box("", (Paragraph(words(advice.words)), *answers))


def _named(figure: Figure) -> Paragraph:
    """How many named a harm, in counts: most of these are fewer than one in ten."""
    if figure.why:
        return Paragraph(words(_WORDS.harms.not_told))
    part = figure.part
    people = f"about {count(part['people'])} of {count(part['of'])} people"
    sentence = _WORDS.harms.of_kind.replace("{wave}", latest.when(figure))
    start, _, rest = sentence.partition("{people}")
    return Paragraph((Span(start), Span(people, figure=figure.name), Span(rest)))


def _filled(sentence: str, told: CountedPeople) -> Paragraph:
    """A sentence of Markdown's strong words and one number."""
    start, _, rest = sentence.partition("{people}")
    before, value, after = start.split("**")
    number = _spoken(told, is_first=False)
    return Paragraph((Span(before), Span(value, is_strong=True), Span(after), number, Span(rest)))


def _spoken(told: CountedPeople, *, is_first: bool = True) -> Span:
    said = told.words if is_first else told.words[:1].lower() + told.words[1:]
    return Span(said, is_strong=True, figure=told.figure)


def _waited(minutes: int) -> str:
    """`10 minutes`, `6 hours`."""
    hours = minutes // _MINUTES
    if hours == 0:
        return f"{minutes} minutes"
    return "an hour" if hours == 1 else f"{hours} hours"


def _of(told: CountedPeople) -> str:
    return f" (about {count(told.people)} of {count(told.of)})"


def _percent(told: CountedPeople) -> str:
    if told.people is None or told.of is None:
        return HELD_BACK
    return f"{round(100 * told.people / told.of)}%"
