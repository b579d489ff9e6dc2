"""Instruments as researchers see them: structure, scoring, licence, and a preview with words."""

from datetime import date
from typing import Self

from pydantic import BaseModel

from app.research.instruments.structure import (
    Instrument,
    Item,
    ItemKind,
    LicenceKind,
    Method,
    MissingRule,
    Score,
)
from app.research.instruments.wording import Wording
from app.research.instruments.wording_access import Lock, LockState, Worded


class InstrumentLine(BaseModel):
    """An instrument in the list, in its newest version."""

    name: str
    version: int
    title: str
    measures: str
    minutes: int
    item_count: int
    languages: list[str]
    lock: LockState
    #: The last day of the licence in force.
    licensed_until: date | None

    @classmethod
    def of(cls, instrument: Instrument, words: list[Wording], lock: Lock) -> Self:
        """From the catalogue."""
        return cls(
            name=instrument.name,
            version=instrument.version,
            title=instrument.title,
            measures=instrument.measures,
            minutes=instrument.minutes,
            item_count=len(instrument.items),
            languages=sorted({one.language for one in words}),
            lock=lock.state,
            licensed_until=lock.expires_on,
        )


class Instruments(BaseModel):
    """Every instrument there is."""

    items: list[InstrumentLine]


class StructureBranch(BaseModel):
    """After which answers to an earlier item one is shown."""

    item: str
    codes: list[int]


class StructureItem(BaseModel):
    """An item without its words."""

    name: str
    kind: ItemKind
    codes: list[int]
    option_set: str | None
    show_if: StructureBranch | None
    shows_help: list[int]

    @classmethod
    def of(cls, instrument: Instrument, item: Item) -> Self:
        """From the catalogue."""
        return cls(
            name=item.name,
            kind=item.kind,
            codes=list(instrument.codes(item)),
            option_set=item.options,
            show_if=_branch(item),
            shows_help=list(item.shows_help),
        )


class ScoreStep(BaseModel):
    """A step of a score, or a cut, by the value where it begins."""

    start: float
    name: str


class ScoreDetail(BaseModel):
    """How a score comes about."""

    name: str
    label: str
    method: Method
    items: list[str]
    reversed_items: list[str]
    missing: MissingRule
    may_be_missing: int
    least: float | None
    most: float | None
    higher_is: str
    bands: list[ScoreStep]
    cut_offs: list[ScoreStep]
    reliable_change: float | None

    @classmethod
    def of(cls, score: Score) -> Self:
        """From the catalogue."""
        least, most = score.range or (None, None)
        return cls(
            name=score.name,
            label=score.label,
            method=score.method,
            items=list(score.items),
            reversed_items=list(score.reversed_items),
            missing=score.missing.rule,
            may_be_missing=score.missing.at_most,
            least=least,
            most=most,
            higher_is=score.higher_is,
            bands=[ScoreStep(start=one.start, name=one.name) for one in score.bands],
            cut_offs=[ScoreStep(start=one.start, name=one.name) for one in score.cut_offs],
            reliable_change=score.reliable_change,
        )


class WordingVersion(BaseModel):
    """Which words there are."""

    language: str
    version: int


class InstrumentDetail(InstrumentLine):
    """An instrument with all that its file says but for words."""

    versions: list[int]
    wordings: list[WordingVersion]
    look_back: str | None
    citation: list[str]
    words_from: str
    scoring_from: str
    licence: LicenceKind
    licence_holder: str
    attribution: str
    terms: str
    licence_url: str | None
    structure: list[StructureItem]
    scores: list[ScoreDetail]

    @classmethod
    def whole(
        cls, instrument: Instrument, versions: list[int], words: list[Wording], lock: Lock
    ) -> Self:
        """From the catalogue."""
        return cls(
            **InstrumentLine.of(instrument, words, lock).model_dump(),
            versions=versions,
            wordings=[WordingVersion(language=one.language, version=one.version) for one in words],
            look_back=instrument.look_back,
            citation=list(instrument.evidence.citation),
            words_from=instrument.evidence.words,
            scoring_from=instrument.evidence.scoring,
            licence=instrument.licence.kind,
            licence_holder=instrument.licence.holder,
            attribution=instrument.licence.attribution,
            terms=instrument.licence.terms,
            licence_url=instrument.licence.url,
            structure=[StructureItem.of(instrument, item) for item in instrument.items],
            scores=[ScoreDetail.of(score) for score in instrument.scores],
        )


class QuestionOption(BaseModel):
    """An option by its number, in the words that a participant chooses by."""

    code: int
    label: str
    stands_alone: bool


class QuestionRead(BaseModel):
    """One question as a participant's screen needs it."""

    name: str
    kind: ItemKind
    text: str
    hint: str | None
    options: list[QuestionOption]
    show_if: StructureBranch | None
    shows_help: list[int]
    most: int | None
    limit: int | None

    @classmethod
    def of(cls, worded: Worded, item: Item) -> Self:
        """From the catalogue; options in the order of the words."""
        labels = worded.wording.options[item.options] if item.options else {}
        words = worded.wording.items[item.name]
        return cls(
            name=item.name,
            kind=item.kind,
            text=words.text,
            hint=words.hint,
            options=[
                QuestionOption(code=int(code), label=label, stands_alone=int(code) in item.alone)
                for code, label in labels.items()
            ],
            show_if=_branch(item),
            shows_help=list(item.shows_help),
            most=item.most,
            limit=item.limit,
        )


class Questionnaire(BaseModel):
    """Everything that a participant's screen needs of an instrument."""

    instrument: str
    version: int
    language: str
    wording_version: int
    title: str
    intro: str | None
    stem: str | None
    attribution: str
    questions: list[QuestionRead]

    @classmethod
    def of(cls, worded: Worded) -> Self:
        """From the catalogue."""
        instrument, wording = worded.instrument, worded.wording
        return cls(
            instrument=instrument.name,
            version=instrument.version,
            language=wording.language,
            wording_version=wording.version,
            title=wording.title,
            intro=wording.intro,
            stem=wording.stem,
            attribution=instrument.licence.attribution,
            questions=[QuestionRead.of(worded, item) for item in instrument.items],
        )


def _branch(item: Item) -> StructureBranch | None:
    if item.show_if is None:
        return None
    return StructureBranch(item=item.show_if.item, codes=list(item.show_if.codes))
