"""An instrument as its file declares it: items, options, branches, scores, licence; no words."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr

#: Codes are numbers: SPSS loses the labels of long texts. From 99 on there is room for the codes
#: of what is missing.
Code = Annotated[StrictInt, Field(ge=0, le=98)]
Text = Annotated[StrictStr, Field(min_length=1)]
Number = Annotated[float, Field(allow_inf_nan=False)]


class Declared(BaseModel):
    """A part of a file: never changed once read, and nothing in it that we don't know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ItemKind(StrEnum):
    """How an item is answered."""

    SINGLE = "single"
    SEVERAL = "several"
    NUMBER = "number"
    TEXT = "text"


class Branch(Declared):
    """An item is shown only where an earlier one was answered with one of these codes."""

    item: Text
    codes: Annotated[tuple[Code, ...], Field(min_length=1)]


class Item(Declared):
    """One question. Its name is its column in every dataset."""

    name: Text
    kind: ItemKind = ItemKind.SINGLE
    #: The set of options that it takes its answer from.
    options: Text | None = None
    #: Codes that stand alone in an item that takes several, as “none of these” does.
    alone: tuple[Code, ...] = ()
    show_if: Branch | None = None
    #: What it counts as in a score where it was not shown because of an answer before it.
    hidden_counts: StrictInt | None = None
    #: Answers after which help is shown at once.
    shows_help: tuple[Code, ...] = ()
    #: The largest number that can be given.
    most: Annotated[StrictInt, Field(ge=1)] | None = None
    #: How many characters a text may have.
    limit: Annotated[StrictInt, Field(ge=1, le=2_000)] | None = None


class MissingRule(StrEnum):
    """What a score does without some of its answers."""

    #: No score unless every item was answered.
    ALL = "all"
    #: The mean of what was answered stands for what was not, up to so many.
    PRORATA = "prorata"


class Missing(Declared):
    """The rule, and how many answers may be missing under it."""

    rule: MissingRule
    at_most: Annotated[StrictInt, Field(ge=0)] = 0


class Band(Declared):
    """A step of a score, from this value up to the next step."""

    start: Annotated[Number, Field(alias="from")]
    name: Text


class CutOff(Declared):
    """A value from which a score is read as something, with who said so."""

    start: Annotated[Number, Field(alias="from")]
    name: Text


class Method(StrEnum):
    """How a score comes about."""

    SUM = "sum"
    #: The answer of one item, never summed with others.
    ITEM = "item"
    #: How many options were chosen of an item that takes several.
    COUNT = "count"
    #: Another score looked up in a table.
    CONVERT = "convert"
    #: Numbers of contacts, each times its unit cost, in pence.
    COST = "cost"


class Score(Declared):
    """One figure made of answers, with its range and what is done without some of them."""

    name: Text
    label: Text
    method: Method
    items: tuple[Text, ...] = ()
    reversed_items: Annotated[tuple[Text, ...], Field(alias="reversed")] = ()
    #: The score that is converted.
    of: Text | None = None
    table: tuple[tuple[StrictInt, Number], ...] = ()
    missing: Missing = Missing(rule=MissingRule.ALL)
    range: tuple[Number, Number] | None = None
    higher_is: Literal["better", "worse", "more"]
    bands: tuple[Band, ...] = ()
    cut_offs: tuple[CutOff, ...] = ()
    #: The smallest change of one person that is more than error of measurement.
    reliable_change: Number | None = None


class LicenceKind(StrEnum):
    """On what terms an instrument may be used."""

    FREE = "free"
    OGL = "ogl"
    CC_BY = "cc_by"
    CC_BY_ND = "cc_by_nd"
    RESTRICTED = "restricted"


class Licence(Declared):
    """Whose it is, and whether its words may be part of this software."""

    kind: LicenceKind
    ships_words: StrictBool
    holder: Text
    #: Shown wherever the words are.
    attribution: Text
    terms: Text
    url: Text | None = None


class Evidence(Declared):
    """Where the instrument, its words and its scoring come from."""

    citation: Annotated[tuple[Text, ...], Field(min_length=1)]
    words: Text
    scoring: Text


class Instrument(Declared):
    """A questionnaire in one version, as its file says it."""

    name: Text
    version: Annotated[StrictInt, Field(ge=1)]
    title: Text
    measures: Text
    minutes: Annotated[StrictInt, Field(ge=1)]
    #: The time that the questions are about.
    look_back: Text | None = None
    evidence: Evidence
    licence: Licence
    options: dict[str, Annotated[tuple[Code, ...], Field(min_length=2)]] = Field(default={})
    items: Annotated[tuple[Item, ...], Field(min_length=1)]
    scores: tuple[Score, ...] = ()

    def item(self, name: str) -> Item:
        """The item of this name; raises KeyError."""
        return {one.name: one for one in self.items}[name]

    def codes(self, item: Item) -> tuple[int, ...]:
        """The codes that an item can be answered with; none for numbers and texts."""
        return self.options[item.options] if item.options else ()

    def span(self, item: Item) -> tuple[int, int]:
        """The least and the largest code that an item can be answered with."""
        codes = self.codes(item)
        return min(codes), max(codes)
