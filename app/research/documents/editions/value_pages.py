"""The pages of the six values in the toolkit: what each is, what people said, what to ask."""

from collections.abc import Iterator
from typing import Final

from app.research.charts.figure_words import HELD_BACK, count, sentence_case
from app.research.documents.document import (
    Block,
    Box,
    Bullets,
    Heading,
    Lines,
    Paragraph,
    ReportTable,
    TextSpan,
    words,
)
from app.research.documents.editions import latest, printed_pages, tenths, toolkit_words
from app.research.documents.editions.tenths import CountedPeople
from app.research.documents.editions.toolkit_words import Value
from app.research.documents.showing import Showing

_WORDS: Final = toolkit_words.words()
_MEASURE: Final = "six_values"
_LINES_TO_WRITE: Final = 9
#: Shares that are nearer to each other than this are told as alike.
_APART: Final = 0.1


class SixValues:
    """What people said of the values, at the latest wave."""

    def __init__(self, showing: Showing) -> None:
        self._showing = showing
        found = ((one, latest.find(showing, _MEASURE, one.score)) for one in _WORDS.values.each)
        self._values = {one.score: figure for one, figure in found if figure is not None}

    @property
    def are_told(self) -> bool:
        """Whether the study asked for any."""
        return bool(self._values)

    def blocks(self) -> Iterator[Block]:
        """All by kind of group, then a page for each."""
        yield Heading(2, "All six, by kind of group")
        yield Paragraph(words(_WORDS.values.how_asked))
        if self._values:
            yield self._by_kind()
        else:
            yield Paragraph(words(_WORDS.no_answers))
        for value in _WORDS.values.each:
            yield from self._value(value)

    def most_and_least(self) -> Iterator[Block]:
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

    def _by_kind(self) -> ReportTable:
        """A row a kind of group, and all of them last."""
        named = {value.score: value.title for value in _WORDS.values.each}
        tables = list(self._values.values())
        kinds = tables[0].part["rows"]
        lines = [
            (sentence_case(kind), *(_percent(tenths.of_first_column(one, row)) for one in tables))
            for row, kind in enumerate(kinds)
        ]
        everyone = ("All", *(_percent(tenths.of_first_column(one)) for one in tables))
        return ReportTable(
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
        asked = TextSpan(f"“{statement}” ", is_emphasised=True)
        if told.tenths is None:
            yield Paragraph((asked, TextSpan("How many people said so is held back.")))
            return
        yield Paragraph(
            (asked, tenths.span(told), TextSpan(f" said “mostly” or “completely”{_of(told)}."))
        )


def _filled(sentence: str, told: CountedPeople) -> Paragraph:
    """A sentence of Markdown's strong words and one number."""
    start, _, rest = sentence.partition("{people}")
    before, value, after = start.split("**")
    number = tenths.span(told, is_first=False)
    return Paragraph(
        (TextSpan(before), TextSpan(value, is_strong=True), TextSpan(after), number, TextSpan(rest))
    )


def _of(told: CountedPeople) -> str:
    return f" (about {count(told.people)} of {count(told.of)})"


def _percent(told: CountedPeople) -> str:
    if told.people is None or told.of is None:
        return HELD_BACK
    return f"{round(100 * told.people / told.of)}%"
