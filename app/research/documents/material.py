"""Material: all that an edition is made from, as one file of JSON for the process that renders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from pydantic import TypeAdapter

from app.research.documents.edition_kinds import EditionKind
from app.research.measures.shown_parts import ShownResult


@dataclass(frozen=True, slots=True)
class PlannedAnalysis:
    """The analysis plan in force, section by section."""

    version: int
    signed_on: date
    questions: str
    primary_measures: Sequence[str]
    secondary_measures: Sequence[str]
    population: str
    missing_answers: str
    worthwhile_change: str


@dataclass(frozen=True, slots=True)
class Departure:
    """What was done otherwise than the plan says."""

    departs: str
    reason: str
    noted_on: date


@dataclass(frozen=True, slots=True)
class InstrumentAsked:
    """An instrument that the study asked. `items` are its questions, empty where its words may not
    be shown."""

    name: str
    version: int
    title: str
    citation: str
    licence: str
    items: Sequence[str]


@dataclass(frozen=True, slots=True)
class Advice:
    """What an adviser let everybody read, and what was done about it."""

    words: str
    answers: Sequence[str]


@dataclass(frozen=True, slots=True)
class Material:
    """Of one edition; all its figures are protected for everybody (`protection.rules.OUTSIDE`)."""

    kind: EditionKind
    #: Of the edition, in its study.
    number: int
    study_title: str
    made_on: date
    dataset_number: int
    #: Of the dataset's manifest.
    dataset_sha256: str
    frozen_on: date
    software_version: str
    results: Sequence[ShownResult]
    #: Markdown by the name of its section; figures stand in it as `[[measure.part]]`.
    texts: Mapping[str, str]
    plan: PlannedAnalysis | None
    departures: Sequence[Departure]
    instruments: Sequence[InstrumentAsked]
    advice: Sequence[Advice]
    #: Whom to ask, from the project page.
    contact: str


_JSON: Final = TypeAdapter(Material)


def dump(material: Material) -> bytes:
    """As the file that the process reads."""
    return _JSON.dump_json(material)


def load(file: bytes) -> Material:
    """From that file."""
    return _JSON.validate_json(file)
