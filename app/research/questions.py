"""Questions that a researcher asks inside a study: held against what can be asked, counted on
exact rows, protected, and written to the ledger before the answer is seen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final, Literal, TypeVar
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, func, select

from app.core import clock
from app.core.db import Database, unit_of_work
from app.research import calendar, exact_counts, studies, waves
from app.research.errors.questions import NotAskableError, TooFewToTellError
from app.research.exact_counts import Counted, CountPlan, Key
from app.research.models import Participant, ParticipantState
from app.research.protection import rules, tables
from app.research.protection.cells import Tally
from app.research.protection.tables import ProtectedTable
from app.research.question_fields import FIELDS, MEASURES, PERIOD, Field, Measure, Side
from app.research.question_models import AskedQuestion
from app.research.schedule import Schedule

MAX_BY: Final = 2
MAX_WHERE: Final = 3
#: The same question gives the same table for so long. Asked every day, a figure that goes up by
#: five would tell that just now one more person was counted, and so the exact count.
HELD_DAYS: Final = 28

Count = Literal["people", "acts"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: whom to count, how to split them, and whom to leave out."""

    of: str
    count: Count
    by: tuple[str, ...]
    where: tuple[tuple[str, str], ...]

    def as_json(self) -> dict[str, Any]:
        """As the ledger holds it: two questions that ask the same look the same."""
        where = [list(pair) for pair in sorted(self.where)]
        return {"of": self.of, "count": self.count, "by": list(self.by), "where": where}


@dataclass(frozen=True, slots=True)
class Option:
    """A value and what it means."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Axis:
    """The rows or the columns of a table. `adds` says that nobody stands in two of them."""

    field: str
    label: str
    values: list[Option]
    adds: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """What everyone or everything counted has in common."""

    field: str
    label: str
    value: Option


@dataclass(frozen=True, slots=True)
class Answer:
    """A protected table and the question that it answers."""

    measure: str
    label: str
    definition: str
    count: Count
    where: list[Filter]
    rows: Axis | None
    columns: Axis | None
    table: ProtectedTable
    base: int | None
    redacted: int
    rule: str
    counted_on: date
    #: The same question is counted anew from this day on.
    held_until: date


_ANSWER: Final = TypeAdapter(Answer)


async def ask(database: Database, study_id: UUID, question: Question, *, by: UUID) -> Answer:
    """The protected table; raises NotAskableError, StudyNotFoundError or TooFewToTellError."""
    async with unit_of_work(database) as session:
        await studies.access(session, study_id, is_researcher=True)
        today = await calendar.day_of(session, clock.now())
        schedule = await waves.schedule(session, study_id)
        plan, question = _planned(study_id, today, schedule, question)
        held = await told(session, study_id, question, today)
        if held is not None:
            session.add(entry(study_id, by, today, question, held))
            return held
    counted = await exact_counts.count(database.research, plan)
    is_too_few = rules.is_too_few(sum(counted.people.values()))
    answer = None if is_too_few else _answer(plan, question, counted, today)
    async with unit_of_work(database) as session:
        session.add(entry(study_id, by, today, question, answer))
    if answer is None:
        raise TooFewToTellError
    return answer


def entry(
    study_id: UUID, by: UUID, today: date, question: Question, answer: Answer | None
) -> AskedQuestion:
    """The line of the ledger."""
    return AskedQuestion(
        study_id=study_id,
        asked_by=by,
        asked_on=today,
        question=question.as_json(),
        outcome="too_few" if answer is None else "told",
        answer=None if answer is None else _ANSWER.dump_python(answer, mode="json"),
    )


async def told(
    session: AsyncSession, study_id: UUID, question: Question, today: date
) -> Answer | None:
    """The table that was given for the same question not long ago, if it was."""
    found = select(col(AskedQuestion.answer)).where(
        col(AskedQuestion.study_id) == study_id,
        col(AskedQuestion.question) == question.as_json(),
        col(AskedQuestion.outcome) == "told",
        col(AskedQuestion.asked_on) > today - timedelta(days=HELD_DAYS),
    )
    # A table told before somebody was erased still counts them.
    erased = select(func.max(func.research.local_date(col(Participant.changed_at)))).where(
        col(Participant.study_id) == study_id, col(Participant.state) == ParticipantState.ERASED
    )
    last_erased = (await session.execute(erased)).scalar()
    if last_erased is not None:
        found = found.where(col(AskedQuestion.asked_on) > last_erased)
    newest = (await session.execute(found.order_by(col(AskedQuestion.id).desc()))).scalars().first()
    if newest is None:
        return None
    answer = _ANSWER.validate_python(newest)
    return answer if today < answer.held_until else None


def _planned(
    study_id: UUID, today: date, schedule: Schedule, question: Question
) -> tuple[CountPlan, Question]:
    """Every name held against what can be asked; the longer axis becomes the rows."""
    measure = _known_measure(question)
    fields = [_known(name, "by") for name in question.by]
    _once(question.by, "by", MAX_BY, "Split by")
    for name, value in question.where:
        _known_value(_known(name, "where"), value)
    _once([name for name, _ in question.where], "where", MAX_WHERE, "Filter by")
    fields.sort(key=lambda field: -len(field.values or ()))
    by = tuple(field.name for field in fields)
    asked = Question(question.of, question.count, by, question.where)
    return CountPlan(study_id, today, schedule, measure, by, question.where), asked


def _known_measure(question: Question) -> Measure:
    measure = MEASURES.get(question.of)
    if measure is None:
        raise NotAskableError(
            f"There is no measure “{question.of}”. There are: {', '.join(MEASURES)}.", pointer="/of"
        )
    if question.count == "acts" and not measure.has_acts:
        counted = [one.name for one in MEASURES.values() if one.has_acts]
        raise NotAskableError(
            f"“{measure.name}” counts people, not acts. Acts are counted of: {', '.join(counted)}.",
            pointer="/count",
        )
    return measure


def _known(name: str, place: str) -> Field:
    field = FIELDS.get(name)
    if field is None:
        raise NotAskableError(
            f"There is no field “{name}”. There are: {', '.join(FIELDS)}.", pointer=f"/{place}"
        )
    return field


def _known_value(field: Field, value: str) -> None:
    if field.values is None:
        raise NotAskableError(
            f"“{field.name}” can split a table, but not filter it.", pointer="/where"
        )
    if value not in field.values:
        raise NotAskableError(
            f"“{field.name}” has no value “{value}”. It has: {', '.join(field.values)}.",
            pointer="/where",
        )


def _once(names: Sequence[str], place: str, most: int, words: str) -> None:
    if len(names) > most or len(set(names)) < len(names):
        raise NotAskableError(
            f"{words} at most {most} different fields, each once.", pointer=f"/{place}"
        )


def _answer(plan: CountPlan, question: Question, counted: Counted, today: date) -> Answer:
    axes = [_axis(name, plan, counted) for name in plan.by]
    groups = _groups(axes, counted.groups, {Side.PERSON, Side.PERIOD})
    table = tables.protect(
        _grid(axes, lambda key: counted.tallies.get(key, Tally())),
        of=groups.values if plan.needs_acts else None,
        are_acts=question.count == "acts",
        rows_add=_adds(axes, 0, question.count),
        columns_add=_adds(axes, 1, question.count),
    )
    return Answer(
        measure=plan.measure.name,
        label=plan.measure.label,
        definition=plan.measure.definition,
        count=question.count,
        where=[_filter(name, value) for name, value in plan.where],
        rows=axes[0] if axes else None,
        columns=axes[1] if len(axes) > 1 else None,
        table=table,
        base=_groups(axes, counted.people, {Side.PERSON}).total,
        redacted=table.redacted,
        rule=rules.ACTS_RULE if question.count == "acts" else rules.PEOPLE_RULE,
        counted_on=today,
        held_until=today + timedelta(days=HELD_DAYS),
    )


def _axis(name: str, plan: CountPlan, counted: Counted) -> Axis:
    field = FIELDS[name]
    options = field.values if field.values is not None else _periods(plan, counted)
    listed = [Option(value, label) for value, label in options.items()]
    return Axis(field.name, field.label, listed, adds=field.side == Side.PERSON)


def _periods(plan: CountPlan, counted: Counted) -> dict[str, str]:
    """As many as anyone was observed in: the first weeks since joining, then the next."""
    place = plan.group_fields.index(PERIOD)
    last = max(int(key[place]) for key in counted.groups)
    return {str(n): plan.schedule.spoken(n) for n in range(1, last + 1)}


def _adds(axes: list[Axis], place: int, count: Count) -> bool:
    """Acts are in one group each; people are where the field tells about a person."""
    return place >= len(axes) or axes[place].adds or count == "acts"


def _groups(axes: list[Axis], counted: dict[Key, int], sides: set[Side]) -> ProtectedTable:
    """The people that cells are a part of, as they may be seen: what they did doesn't split them,
    so an axis of another side has one place."""
    kept = [
        axis if FIELDS[axis.field].side in sides else replace(axis, values=[], adds=True)
        for axis in axes
    ]
    return tables.protect(
        _grid(kept, lambda key: Tally(counted.get(key, 0))),
        rows_add=_adds(kept, 0, "people"),
        columns_add=_adds(kept, 1, "people"),
    )


def _grid(axes: list[Axis], of: Callable[[Key], T]) -> list[list[T]]:
    """Rows of columns; an axis without values is passed over and has one place."""
    values = [[option.value for option in axis.values] for axis in axes]
    rows, columns = (*values, [], [])[:2]
    return [
        [of(tuple(value for value in (row, column) if value)) for column in columns or [""]]
        for row in rows or [""]
    ]


def _filter(name: str, value: str) -> Filter:
    field = FIELDS[name]
    return Filter(name, field.label, Option(value, (field.values or {})[value]))
