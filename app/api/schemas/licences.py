"""Licences of instruments, and the words that administrators enter under one."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field, StrictInt

from app.api.schemas.strict import Body, Day
from app.core import text
from app.research.instruments.licences import Line
from app.research.instruments.structure import Instrument
from app.research.instruments.wording import ItemWords, Language, Wording

LABEL_LENGTH = 300
TEXT_LENGTH = 2_000


class LicenceWrite(Body):
    """A licence as its holder granted it."""

    licence_number: str = Field(max_length=400)
    scope: str = Field(max_length=2_000)
    starts_on: Day
    expires_on: Day


class LicenceEndWrite(Body):
    """Why a licence ends before its last day."""

    reason: str = Field(max_length=2_000)


class LicenceRead(BaseModel):
    """A licence on the ledger."""

    id: UUID
    licence_number: str
    scope: str
    starts_on: date
    expires_on: date
    recorded_at: datetime
    ended_at: datetime | None
    ended_reason: str | None

    @classmethod
    def of(cls, line: Line) -> Self:
        """From the ledger."""
        licence, ended = line
        return cls(
            id=licence.id,
            licence_number=licence.licence_number,
            scope=licence.scope,
            starts_on=licence.starts_on,
            expires_on=licence.expires_on,
            recorded_at=licence.recorded_at,
            ended_at=ended.ended_at if ended else None,
            ended_reason=ended.reason if ended else None,
        )


class Licences(BaseModel):
    """Every licence of an instrument, the newest first."""

    items: list[LicenceRead]


Words = Annotated[str, Field(max_length=4 * TEXT_LENGTH)]
Name = Annotated[str, Field(max_length=40)]


class OptionWords(Body):
    """The label of an option; their order is the order on screen."""

    code: Annotated[StrictInt, Field(ge=0, le=98)]
    label: Words


class OptionSetWords(Body):
    """The labels of a set of options."""

    name: Name
    options: Annotated[list[OptionWords], Field(max_length=99)]


class ItemText(Body):
    """The words of an item."""

    name: Name
    text: Words
    hint: Words | None = None


class WordingWrite(Body):
    """The words of an instrument in one language, as the licence holder gave them."""

    structure: Annotated[StrictInt, Field(ge=1, le=1000)]
    language: Language
    title: Words
    intro: Words | None = None
    stem: Words | None = None
    option_sets: Annotated[list[OptionSetWords], Field(max_length=200, default=[])]
    items: Annotated[list[ItemText], Field(max_length=200)]

    def wording(self, instrument: Instrument) -> Wording:
        """As it will be kept; raises InvalidError for what can't be read."""
        return Wording(
            instrument=instrument.name,
            version=1,
            structure=self.structure,
            language=self.language,
            title=_line(self.title, "/title"),
            intro=_text(self.intro, "/intro"),
            stem=_text(self.stem, "/stem"),
            options={
                one.name: {
                    str(each.code): _line(each.label, f"/option_sets/{place}/options/{index}/label")
                    for index, each in enumerate(one.options)
                }
                for place, one in enumerate(self.option_sets)
            },
            items={
                one.name: ItemWords(
                    text=text.clean(one.text, limit=TEXT_LENGTH, pointer=f"/items/{place}/text"),
                    hint=_text(one.hint, f"/items/{place}/hint"),
                )
                for place, one in enumerate(self.items)
            },
        )


class WordingRead(BaseModel):
    """The version under which words are kept."""

    instrument: str
    language: str
    version: int


def _line(source: str, pointer: str) -> str:
    return text.clean_line(source, limit=LABEL_LENGTH, pointer=pointer)


def _text(source: str | None, pointer: str) -> str | None:
    if source is None or not source.strip():
        return None
    return text.clean(source, limit=TEXT_LENGTH, pointer=pointer)
