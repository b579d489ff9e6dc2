"""“What you told us”: for the people who took part, in easy read. One idea a sentence, numbers as
people of ten with a picture, and said where nobody knows."""

from collections.abc import Iterator, Sequence
from typing import Final

from app.core.number_format import figure as number_of
from app.research.documents import shared_sections, text
from app.research.documents.document import (
    Block,
    Bullets,
    Document,
    Heading,
    Layout,
    Lines,
    Paragraph,
    Picture,
    Spans,
    TextSpan,
    words,
)
from app.research.documents.edition_kinds import EditionDefinition, EditionKind, Section
from app.research.documents.editions import changes, help_blocks, latest, tenths, told_words
from app.research.documents.editions.changes import ScoreChange, Way
from app.research.documents.editions.tenths import CountedPeople
from app.research.documents.editions.told_words import SentenceWords
from app.research.documents.figures import ReportFigure
from app.research.documents.material import Material
from app.research.documents.showing import Showing

LAYOUT: Final = Layout.EASY_READ
_EASY: Final = "Easy read: one idea in each sentence, 15 words at most, no hard words."
DEFINITION: Final = EditionDefinition(
    kind=EditionKind.WHAT_YOU_TOLD_US,
    title="What you told us",
    for_whom="People who took part, in easy read.",
    sections=(
        Section("opening", "To you", f"Say hello, and who you are. {_EASY}"),
        Section("learned", "What we learned", f"Two or three things that matter most. {_EASY}"),
        Section("next", "What happens next", f"What you do with this, and when. {_EASY}"),
        Section("say", "Say something back", f"How people can answer you. {_EASY}"),
    ),
)

_WORDS: Final = told_words.words()
_VALUES: Final = tuple(
    name for name in told_words.EasyValueWords.model_fields if name.startswith("values_")
)
_KINDS: Final = tuple(
    name for name in told_words.HardWords.model_fields if name.startswith("adverse_kind_")
)
_LINES_TO_WRITE: Final = 5


def compose(material: Material, showing: Showing) -> Document:
    """The whole of it; what is told of people first, where the numbers come from last."""
    page = _EasyPage(material, showing)
    blocks = tuple(page.blocks())
    checked = (
        Heading(1, _WORDS.numbers.title, starts_page=True),
        Paragraph(words(_WORDS.numbers.line)),
        page.sources(blocks),
    )
    return Document(
        title=DEFINITION.title,
        subtitle=f"{material.study_title} · {shared_sections.day_in_title(material)}",
        layout=LAYOUT,
        language="en",
        foot=shared_sections.foot(material, showing),
        blocks=(*blocks, *checked),
    )


class _EasyPage:
    """Writes the parts, and remembers whether a number was held back."""

    def __init__(self, material: Material, showing: Showing) -> None:
        self._material = material
        self._showing = showing
        self._has_held = False

    def blocks(self) -> Iterator[Block]:
        """All parts in their order."""
        yield from self._text("opening")
        yield from _part(_WORDS.about)
        yield from _part(_WORDS.reading)
        yield from self._who()
        yield from self._values()
        yield from self._feelings()
        yield from self._hard()
        yield from self._text("learned", "What we learned")
        yield from self._unknown()
        yield from _part(_WORDS.next)
        yield from self._text("next")
        yield from _part(_WORDS.help, starts_page=True)
        yield help_blocks.lines()
        yield from self._say()

    def _text(self, section: str, title: str = "") -> Iterator[Block]:
        written = text.blocks(self._material.texts.get(section, ""), self._showing)
        if written and title:
            yield Heading(1, title)
        yield from written

    def _who(self) -> Iterator[Block]:
        said = _WORDS.who
        yield Heading(1, said.title)
        joined = self._showing.figures.get("reach.agreed")
        people = joined.part["of"] if joined else None
        if people is None:
            yield Paragraph(words(said.joined_withheld))
        else:
            start, _, rest = said.joined.partition("{number}")
            number = TextSpan(number_of(people), is_strong=True, figure="reach.agreed")
            yield Paragraph((TextSpan(start), number, TextSpan(rest)))
        for name, sentence in (("received", said.received), ("came", said.came)):
            found = self._showing.figures.get(f"reach.{name}")
            if found is not None:
                yield from self._counted(sentence, tenths.of_share(found))

    def _values(self) -> Iterator[Block]:
        found = [latest.find(self._showing, "six_values", name) for name in _VALUES]
        if not any(found):
            return
        yield from _part(_WORDS.values)
        told = {
            name: tenths.of_first_column(figure)
            for name, figure in zip(_VALUES, found, strict=True)
            if figure is not None
        }
        if all(one.tenths is None for one in told.values()):
            self._has_held = True
            yield from _lines(_WORDS.values.withheld)
            return
        for name, counted in told.items():
            yield from self._counted(getattr(_WORDS.values, name), counted)

    def _counted(self, sentence: str, counted: CountedPeople) -> Iterator[Block]:
        """The sentence with how many, and a picture of ten people under it."""
        filled = counted.tenths
        if filled is None:
            self._has_held = True
            asked = sentence.format(people="How many people").removesuffix(".")
            yield Paragraph(words(f"{asked}?"))
            yield Paragraph((TextSpan(_WORDS.numbers.held_back, is_emphasised=True),))
            return
        start, _, rest = sentence.partition("{people}")
        number = TextSpan(counted.words, is_strong=True, figure=counted.figure)
        spans = tuple(one for one in (TextSpan(start), number, TextSpan(rest)) if one.text)
        alternative = {0: _WORDS.picture.none, 1: _WORDS.picture.one}.get(filled)
        alternative = alternative or _WORDS.picture.several.format(filled=filled)
        yield Picture(spans, alternative, tenths.picture(filled))

    def _feelings(self) -> Iterator[Block]:
        said = _WORDS.feelings
        told = [one for one in changes.of_scores(self._showing) if one.score in _WORDS.scores]
        yield Heading(1, said.title)
        ways = {one.way for one in told}
        self._has_held = self._has_held or Way.HELD_BACK in ways
        if ways <= {Way.HELD_BACK}:
            yield from _lines(said.none)
            return
        yield from _lines(said.lines)
        yield Bullets(tuple(map(_feeling, told)))
        yield Paragraph(words(said.alike))
        if ways & {Way.BETTER, Way.WORSE}:
            yield from _lines(said.why)

    def _hard(self) -> Iterator[Block]:
        said = _WORDS.hard
        yield from _part(said)
        ever = self._showing.figures.get("adverse_experiences.adverse_ever")
        if ever is not None:
            yield from self._counted(said.ever, tenths.of_share(ever))
        named = self._named()
        if named:
            yield Paragraph(words(said.kinds))
            yield Bullets(tuple(words(getattr(said, kind)) for kind in named))
        yield from _lines(said.sorry)

    def _named(self) -> dict[str, ReportFigure]:
        """Kinds that enough people named; that anyone named another one can't be told."""
        found = {kind: latest.find(self._showing, "adverse_experiences", kind) for kind in _KINDS}
        return {kind: figure for kind, figure in found.items() if figure and not figure.why}

    def sources(self, blocks: Sequence[Block]) -> Block:
        """Where numbers come from, and what is said without one."""
        named = tuple(TextSpan("", figure=one.name) for one in self._named().values())
        return self._showing.sources((*blocks, Paragraph(named)))

    def _unknown(self) -> Iterator[Block]:
        said = _WORDS.unknown
        figure = latest.find(self._showing, "follow_up", "follow_up")
        if figure is not None or self._has_held:
            yield Heading(1, said.title)
        if figure is not None:
            yield from self._counted(said.answered, tenths.of_share(figure))
            yield from _lines(said.others)
        if self._has_held:
            yield from _lines(said.held_back)

    def _say(self) -> Iterator[Block]:
        said = _WORDS.say
        yield Heading(1, said.title, starts_page=True)
        yield from _lines(said.lines)
        written = tuple(self._text("say"))
        if written:
            yield from written
        elif self._material.contact:
            yield Paragraph(words(said.contact))
            yield from text.blocks(self._material.contact, self._showing)
        else:
            yield from _lines(said.no_contact)
        yield Paragraph(words(said.write))
        yield Lines(_LINES_TO_WRITE)
        yield Paragraph((TextSpan(said.thanks, is_strong=True),))


def _feeling(change: ScoreChange) -> Spans:
    """Which way people went in a score, or that nobody can tell."""
    said, of = _WORDS.feelings, _WORDS.scores[change.score]
    if change.way is Way.HELD_BACK:
        return words(said.withheld.format(topic=of.topic))
    if change.way is Way.UNCLEAR:
        start, told, rest = said.unclear.partition("{topic}")[0], of.topic, "."
    else:
        start, rest = said.start, said.little if change.is_little else "."
        told = getattr(of, change.way)
    return (
        TextSpan(start),
        TextSpan(told, is_strong=True, figure=change.figure.name),
        TextSpan(rest),
    )


def _part(part: SentenceWords, *, starts_page: bool = False) -> Iterator[Block]:
    yield Heading(1, part.title, starts_page)
    yield from _lines(part.lines)


def _lines(lines: Sequence[str]) -> Iterator[Block]:
    """A sentence a line."""
    for line in lines:
        yield Paragraph(words(line))
