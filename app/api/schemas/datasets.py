"""Frozen datasets and the log of who downloaded them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field

from app.api.schemas.strict import Body
from app.research import inside_columns
from app.research.bands import USUAL, Options
from app.research.dataset_models import Dataset as DatasetRow
from app.research.dataset_models import DatasetFile
from app.research.dataset_models import Download as DownloadRow
from app.research.instruments.reserved_names import LONGEST
from app.research.people_thresholds import rounded
from app.research.schedule import MAX_WAVES
from app.research.special_codes import WITHHELD

MeasureName = Literal["posts", "giving", "receiving", "meetings", "reading", "active_days"]
#: The longest name that a column can have.
ScoreName = Annotated[str, Field(max_length=LONGEST)]
AnswerName = Literal["area", "age_band", "tenure_band", "peer_support_before"]

#: A column that loses so many of a hundred values is warned of.
COSTLY: Final = 20


class Choice(Body):
    """Which measures, answers and scores a dataset holds, and of how many periods."""

    measures: list[MeasureName] = Field(default=list(USUAL), min_length=1, max_length=6)
    answers: list[AnswerName] = Field(default=[], max_length=4)
    #: Scores that the study's waves give, told in bands.
    scores: list[ScoreName] = Field(default=[], max_length=10)
    #: How many periods are told, from joining on; all when it is not said.
    periods: Annotated[int, Field(strict=True, ge=1, le=MAX_WAVES)] | None = None

    def chosen(self) -> Options:
        """As freezing takes them."""
        return Options(
            tuple(dict.fromkeys(self.measures)),
            tuple(dict.fromkeys(self.answers)),
            scores=tuple(dict.fromkeys(self.scores)),
            periods=self.periods,
        )


class AskedChoice(Choice):
    """The same in an address, where all is text."""

    periods: Annotated[int, Field(ge=1, le=MAX_WAVES)] | None = None


class ScoreChoice(BaseModel):
    """A score that the periods of a study can tell, and in which steps."""

    name: str
    label: str
    instrument: str
    steps: list[str]


class ScoreChoices(BaseModel):
    """The scores of a study, in the order of its plan; none without waves in weeks."""

    items: list[ScoreChoice]


class Cost(BaseModel):
    """Of a hundred values of a column, how many are coarser or withheld."""

    column: str
    percent: int
    #: What a score measures, with its instrument; none for a column of ours.
    label: str | None


class Disclosure(BaseModel):
    """What disclosure control did: each person's whole record is shared by at least k people."""

    k: int
    smallest_class: int
    costs: list[Cost]
    #: People of whom no row is left.
    left_out: int


class Preview(BaseModel):
    """What a choice would cost, to the nearest 5: it may be asked any day, and an exact figure that
    moves would tell of somebody's acts. More than 20 of 100 is worth a second thought."""

    costs: list[Cost]
    is_costly: bool

    @classmethod
    def of(cls, report: dict[str, Any]) -> Self:
        """From what disclosure control would do."""
        exact = _costs(report)
        return cls(
            costs=[
                cost.model_copy(update={"percent": (cost.percent + 2) // 5 * 5}) for cost in exact
            ],
            is_costly=any(cost.percent > COSTLY for cost in exact),
        )


class File(BaseModel):
    """A table of a dataset."""

    name: str
    rows: int
    sha256: str


def _costs(report: dict[str, Any]) -> list[Cost]:
    found, labels = report.get("costs", {}), report.get("labels", {})
    return [
        Cost(column=column, percent=percent, label=labels.get(column))
        for column, percent in found.items()
    ]


class Dataset(BaseModel):
    """A frozen cut. Closed once someone in it has been erased: then it can't be downloaded."""

    id: UUID
    study_id: UUID
    number: int
    cut_off: date
    participants: int | None
    files: list[File]
    measures: list[str]
    answers: list[str]
    scores: list[str]
    #: How many periods its rows tell, from joining on; null for all.
    periods: int | None
    #: Whether any row of answers may leave under an agreement.
    answers_may_leave: bool
    sha256: str | None
    sheet_versions: list[int]
    disclosure: Disclosure
    #: The number of the dataset that an erasure closed and that this one follows.
    is_successor: bool
    state: Literal["open", "closed"]
    closed_at: datetime | None

    @classmethod
    def of(cls, row: DatasetRow, files: Sequence[DatasetFile]) -> Self:
        """From the tables. How many people are in it is shown as any count of persons, and the
        rows of a file that never leaves, which are counts of people too, are not shown."""
        people = rounded(row.participant_count)
        report = row.disclosure
        return cls(
            id=row.id,
            study_id=row.study_id,
            number=row.number,
            cut_off=row.cut_off,
            participants=None if people == WITHHELD else people,
            files=[
                File(name=one.name, rows=one.rows, sha256=one.sha256)
                for one in files
                if one.name not in inside_columns.FILES
            ],
            measures=row.options.get("measures", []),
            answers=row.options.get("answers", []),
            scores=row.options.get("scores", []),
            periods=row.options.get("periods"),
            answers_may_leave=row.options.get("answers_may_leave", False),
            sha256=row.sha256,
            sheet_versions=row.sheet_versions,
            disclosure=Disclosure(
                k=report["k"],
                smallest_class=report["smallest_class"],
                costs=_costs(report),
                left_out=report.get("left_out", 0),
            ),
            is_successor=row.succeeds is not None,
            state="open" if row.closed_at is None else "closed",
            closed_at=row.closed_at,
        )


class Datasets(BaseModel):
    """A study's datasets, the newest first."""

    items: list[Dataset]


class Download(BaseModel):
    """Someone downloaded a dataset, or a file of it."""

    downloaded_at: datetime
    by: str
    how: Literal["screen", "command_line"]
    what: str
    format: str

    @classmethod
    def of(cls, row: DownloadRow) -> Self:
        """From the log: an account's id, or the name at the command line."""
        return cls(
            downloaded_at=row.pulled_at,
            by=str(row.pulled_by or row.operator),
            how="screen" if row.how == "screen" else "command_line",
            what=row.what,
            format=row.format,
        )


class Downloads(BaseModel):
    """The log of one dataset, the newest first."""

    items: list[Download]
