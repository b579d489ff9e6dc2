"""Measures as they are declared, and what was found of each in a dataset."""

from collections.abc import Collection
from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.research.charts import figure_words
from app.research.charts.together import ChartParts, charts_of
from app.research.evaluation_models import EvaluationState, MeasureResult
from app.research.evaluations import Progress
from app.research.measures import catalogue
from app.research.measures.definitions import MeasureSource
from app.research.measures.results import Unit
from app.research.protection.flags import FlagKind


class DeclaredMeasure(BaseModel):
    """A measure: what it counts, of whom, when, and what it leaves out."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    title: str
    question: str
    numerator: str
    denominator: str
    window: str
    base: str
    risk_set: str
    left_truncation: str
    left_out: list[str]
    source: MeasureSource
    citation: str


class DeclaredMeasures(BaseModel):
    """Every measure, in the order in which they are computed."""

    items: list[DeclaredMeasure]

    @classmethod
    def now(cls) -> Self:
        """From the catalogue."""
        return cls(items=[DeclaredMeasure.model_validate(one) for one in catalogue.ALL])


class _Found(BaseModel):
    """Part of a result. `why` says why there is nothing to see; else it is empty."""

    name: str
    label: str
    why: str
    rule: str


class FoundEstimate(_Found):
    """A figure with its 95 % interval, where it has one, and on how many people it rests."""

    kind: Literal["estimate"]
    unit: Unit
    value: float | None
    low: float | None
    high: float | None
    people: int | None


class FoundShare(_Found):
    """A share of people."""

    kind: Literal["share"]
    people: int | None
    of: int | None
    percent: int | None


class FoundFlag(BaseModel):
    """A row or a column of which the table says the same of everyone."""

    axis: Literal["row", "column"]
    index: int
    kind: FlagKind


class FoundTable(_Found):
    """A table of people; null where a cell is held back."""

    kind: Literal["table"]
    row_title: str
    rows: list[str]
    column_title: str
    columns: list[str]
    cells: list[list[int | None]]
    row_totals: list[int | None]
    column_totals: list[int | None]
    total: int | None
    held_back: int
    flags: list[FoundFlag]


class CurvePointShown(BaseModel):
    """From this day on the curve stands at so many per cent."""

    day: int
    percent: float
    at_risk: int


class FoundCurve(_Found):
    """A survival curve."""

    kind: Literal["curve"]
    points: list[CurvePointShown]
    people: int | None


class FoundCounts(_Found):
    """Counts of people, rounded when the dataset was frozen; null where one is withheld."""

    kind: Literal["counts"]
    places: list[str]
    people: list[int | None]


FoundPart = Annotated[
    FoundEstimate | FoundShare | FoundTable | FoundCurve | FoundCounts, Field(discriminator="kind")
]


class MeasureChart(BaseModel):
    """A chart of some parts; `alternative` tells the same in words."""

    name: str
    parts: list[str]
    caption: str
    note: str
    alternative: str

    @classmethod
    def of(cls, chart: ChartParts) -> Self:
        """What is said of it."""
        return cls(
            name=chart.name,
            parts=[part["name"] for part in chart.parts],
            caption=figure_words.sentence_case(chart.caption),
            note=chart.note,
            alternative=" ".join(map(figure_words.sentence, chart.parts)),
        )


class MeasureFound(BaseModel):
    """What one measure found. `why` says why nothing could be computed; else it is empty. Of its
    charts the first is the one to look at first."""

    measure: str
    parts: list[FoundPart]
    charts: list[MeasureChart]
    why: str

    @classmethod
    def of(cls, row: MeasureResult, drawn: Collection[str]) -> Self:
        """From its row, and the names of its charts."""
        charts = [one for one in charts_of(row.measure, row.parts) if one.name in drawn]
        return cls.model_validate(
            {
                "measure": row.measure,
                "parts": row.parts,
                "charts": list(map(MeasureChart.of, charts)),
                "why": row.why,
            }
        )


class EvaluationShown(BaseModel):
    """How far the measures of a dataset have come, and what was found of each up to now."""

    id: UUID
    dataset_id: UUID
    state: EvaluationState
    measures: list[str]
    software_version: str
    asked_at: datetime
    ended_at: datetime | None
    results: list[MeasureFound]

    @classmethod
    def of(cls, progress: Progress) -> Self:
        """From the tables."""
        row = progress.evaluation
        kept: dict[str, Any] = {
            name: getattr(row, name) for name in cls.model_fields if hasattr(row, name)
        }
        drawn = progress.drawn
        found = [MeasureFound.of(one, drawn.get(one.measure, ())) for one in progress.results]
        return cls(**kept, results=found)
