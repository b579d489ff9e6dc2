"""The pages of the toolkit on how support can hurt: what it is like, and what a group can do."""

from collections.abc import Iterator
from typing import Final

from app.research.charts.figure_words import count
from app.research.documents.document import (
    Block,
    Bullets,
    Heading,
    Lines,
    Paragraph,
    TextSpan,
    words,
)
from app.research.documents.editions import latest, tenths, toolkit_words
from app.research.documents.editions.toolkit_words import Harm
from app.research.documents.figures import ReportFigure
from app.research.documents.showing import Showing

_WORDS: Final = toolkit_words.words().harms
_MEASURE: Final = "adverse_experiences"
#: With lines to write on.
_ON_A_PAGE: Final = 2


def blocks(showing: Showing, *, starts_page: bool) -> Iterator[Block]:
    """How many met any, then each, two on a page; the first begins one where much was written."""
    ever = showing.figures.get(f"{_MEASURE}.adverse_ever")
    if ever is not None:
        told = tenths.span(tenths.of_share(ever), is_first=False)
        yield Paragraph((TextSpan(_WORDS.ever), told, TextSpan(_WORDS.ever_end)))
    for number, harm in enumerate(_WORDS.each):
        is_first = number % _ON_A_PAGE == 0
        yield Heading(2, harm.title, starts_page=is_first and (number > 0 or starts_page))
        yield from _harm(harm, showing)


def _harm(harm: Harm, showing: Showing) -> Iterator[Block]:
    yield Paragraph(words(harm.feels))
    figure = latest.find(showing, _MEASURE, harm.kind)
    if figure is not None:
        yield _named(figure)
    steps = ((_WORDS.before, harm.before), (_WORDS.then, harm.then), (_WORDS.after, harm.after))
    yield Bullets(
        tuple((TextSpan(f"{when}. ", is_strong=True), TextSpan(what)) for when, what in steps)
    )
    yield Lines(2, _WORDS.our_plan)


def _named(figure: ReportFigure) -> Paragraph:
    """How many named a harm, in counts: most of these are fewer than one in ten."""
    if figure.why:
        return Paragraph(words(_WORDS.not_told))
    part = figure.part
    people = f"about {count(part['people'])} of {count(part['of'])} people"
    sentence = _WORDS.of_kind.replace("{wave}", latest.when(figure))
    start, _, rest = sentence.partition("{people}")
    return Paragraph((TextSpan(start), TextSpan(people, figure=figure.name), TextSpan(rest)))
