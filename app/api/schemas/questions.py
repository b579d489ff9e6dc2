"""Questions inside a study, and the protected tables that answer them."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from app.api.schemas.strict import Body
from app.research.curves import Recruitment as RecruitmentData
from app.research.protection.cells import Why
from app.research.protection.flags import FlagKind
from app.research.question_fields import FIELDS, MEASURES
from app.research.questions import Answer, Question


class FilterWrite(Body):
    """A field that has this value in all that is counted."""

    field: str = Field(max_length=40)
    value: str = Field(max_length=40)


class QuestionWrite(Body):
    """Whom to count (a measure), by which fields, and where which fields have which values."""

    of: str = Field(max_length=40)
    count: Literal["people", "acts"] = "people"
    by: list[Annotated[str, Field(max_length=40)]] = Field([], max_length=10)
    where: list[FilterWrite] = Field([], max_length=10)

    def question(self) -> Question:
        """As the study is asked."""
        where = tuple((one.field, one.value) for one in self.where)
        return Question(self.of, self.count, tuple(self.by), where)


class FromResearch(BaseModel):
    """Read from the attributes of what research gives."""

    model_config = ConfigDict(from_attributes=True)


class Option(FromResearch):
    """A value and what it means."""

    value: str
    label: str


class AskableField(BaseModel):
    """A field to split and filter by. One without values can split, not filter."""

    name: str
    label: str
    about: Literal["person", "period", "act"]
    values: list[Option]


class AskableMeasure(BaseModel):
    """Whom a question can count: "people who …", and what exactly that means."""

    name: str
    label: str
    definition: str
    has_acts: bool


class Askable(BaseModel):
    """All that can be asked inside a study."""

    measures: list[AskableMeasure]
    fields: list[AskableField]

    @classmethod
    def now(cls) -> Self:
        """The registry's fields and the declared measures."""
        return cls(
            measures=[
                AskableMeasure.model_validate(one, from_attributes=True)
                for one in MEASURES.values()
            ],
            fields=[
                AskableField(
                    name=one.name,
                    label=one.label,
                    about=one.side.value,
                    values=[
                        Option(value=value, label=label)
                        for value, label in (one.values or {}).items()
                    ],
                )
                for one in FIELDS.values()
            ],
        )


class Axis(FromResearch):
    """Rows or columns. Where they don't add up, a person can stand in several of them."""

    field: str
    label: str
    values: list[Option]
    adds: bool


class FilterShown(FromResearch):
    """What everything counted has in common."""

    field: str
    label: str
    value: Option


class Cell(FromResearch):
    """A figure, or why it is held back. `of`: the people of its group, when they are more."""

    value: int | None
    why: Why | None
    of: int | None


class Flag(FromResearch):
    """A row or column that says the same of everyone in it."""

    axis: Literal["row", "column"]
    index: int
    kind: FlagKind


class ProtectedTable(FromResearch):
    """The answer: each figure rounded or held back, and the rule by which."""

    measure: str
    label: str
    definition: str
    count: Literal["people", "acts"]
    where: list[FilterShown]
    rows: Axis | None
    columns: Axis | None
    cells: list[list[Cell]]
    row_totals: list[int | None] | None
    column_totals: list[int | None] | None
    total: int | None
    base: int | None
    flags: list[Flag]
    redacted: int
    rule: str
    counted_on: date
    held_until: date

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """From what research answered."""
        table = answer.table
        shown = {name: getattr(answer, name) for name in cls.model_fields if hasattr(answer, name)}
        inner = {name: getattr(table, name) for name in cls.model_fields if hasattr(table, name)}
        return cls.model_validate({**inner, **shown})


class JoinedBy(FromResearch):
    """How many had joined by the end of a week since the study opened, rounded down to a multiple
    of 5; null below 10."""

    week: int
    ended_on: date
    people: int | None


class Recruitment(FromResearch):
    """Who joined, as a curve that only grows. `looked`: how many have looked at the study."""

    points: list[JoinedBy]
    step_weeks: int
    looked: int | None


class Curves(BaseModel):
    """Who joined, and who did something in each week since joining; null while too few did."""

    recruitment: Recruitment
    activity: ProtectedTable | None

    @classmethod
    def of(cls, recruitment: RecruitmentData, activity: Answer | None) -> Self:
        """From what research tells."""
        return cls(
            recruitment=Recruitment.model_validate(recruitment),
            activity=None if activity is None else ProtectedTable.of(activity),
        )
