"""Counts the answer to one question on exact rows as the role that may only read research.

Nothing that leaves this module may be shown before `protection` has seen it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

import psycopg
from psycopg import sql

from app.core import db, logins
from app.research.demographics import NOT_ANSWERED
from app.research.errors.questions import QuestionTooSlowError
from app.research.protection.cells import Tally
from app.research.question_fields import FIELDS, PERIOD, Measure, Side
from app.research.schedule import Schedule

TIMEOUT_SECONDS: Final = 20

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CountPlan:
    """A question whose every name has been held against what can be asked."""

    study_id: UUID
    #: People are observed up to this day.
    until: date
    schedule: Schedule
    measure: Measure
    by: tuple[str, ...]
    where: tuple[tuple[str, str], ...]

    @property
    def person_fields(self) -> tuple[str, ...]:
        """Those of `by` that tell about a person."""
        return tuple(name for name in self.by if FIELDS[name].side == Side.PERSON)

    @property
    def group_fields(self) -> tuple[str, ...]:
        """The same, and the period: what people are counted by, whatever they did."""
        return tuple(name for name in self.by if FIELDS[name].side != Side.ACT)

    @property
    def act_fields(self) -> tuple[str, ...]:
        """Those of `by` that tell about an act."""
        return tuple(name for name in self.by if FIELDS[name].side == Side.ACT)

    @property
    def needs_acts(self) -> bool:
        """Whether any act has to be looked at."""
        conditions = [name for name, _ in self.where if FIELDS[name].side == Side.ACT]
        return bool(self.measure.conditions or self.act_fields or conditions)


@dataclass(frozen=True, slots=True)
class Counted:
    """Tallies by the values of all fields of `by`, the people of each group that these are a part
    of, and people by what is always the same about them."""

    tallies: dict[Key, Tally]
    groups: dict[Key, int]
    people: dict[Key, int]


#: Who: everyone who was ever observed, and is neither erased nor staff. By period, those who were
#: observed in it.
_PEOPLE: Final = """
    SELECT DISTINCT p.id {fields} FROM research.observed_periods({study}, {until}) o
    JOIN research.participants p ON p.id = o.participant_id
    WHERE p.study_id = {study} AND p.state <> 'erased' AND NOT p.was_staff {where}
"""

_ACTS: Final = """
    SELECT a.participant_id {fields}, count(*) AS n FROM research.activities a
    WHERE a.study_id = {study} {where}
    GROUP BY a.participant_id {groups} HAVING count(DISTINCT a.day) >= {days}
"""

#: A row of `acts` is a person in a group, so counting rows counts persons.
_TALLIES: Final = """
    WITH people AS ({people}), acts AS ({acts})
    SELECT {selected} count(*) AS persons, coalesce(sum(n), 0)::bigint AS acts,
      coalesce((array_agg(n ORDER BY n DESC))[1], 0) AS most,
      coalesce((array_agg(n ORDER BY n DESC))[2], 0) AS second
    FROM people JOIN acts ON acts.participant_id = people.id {same} GROUP BY ({keys})
"""

_GROUPS: Final = "SELECT {selected} count(*) AS persons FROM ({people}) people GROUP BY ({keys})"


async def count(
    pool: db.Pool, plan: CountPlan, *, timeout_seconds: float = TIMEOUT_SECONDS
) -> Counted:
    """Count, in one view of the data; raises BusyError when it takes too long."""
    try:
        async with pool.connection() as connection, connection.transaction():
            await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            await connection.execute(
                sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(logins.RESEARCH))
            )
            limit = sql.Literal(round(timeout_seconds * 1000))
            await connection.execute(sql.SQL("SET LOCAL statement_timeout = {}").format(limit))
            await connection.execute("SET LOCAL plan_cache_mode = auto")
            people = await _persons(connection, plan, plan.person_fields)
            groups = await _persons(connection, plan, plan.group_fields)
            acts = await _rows(connection, _tallies(plan)) if plan.needs_acts else []
    except psycopg.errors.QueryCanceled as error:
        raise QuestionTooSlowError from error
    if not plan.needs_acts:
        tallies = {key: Tally(persons) for key, persons in groups.items()}
        return Counted(tallies, groups, people)
    tallies = {
        _key(row, plan.by): Tally(row["persons"], row["acts"], row["most"], row["second"])
        for row in acts
    }
    return Counted(tallies, groups, people)


async def _persons(connection: Any, plan: CountPlan, fields: tuple[str, ...]) -> dict[Key, int]:
    """People by these fields, whatever they did."""
    query = _composed(_GROUPS, **_keys(fields), people=_people(plan, fields))
    return {_key(row, fields): row["persons"] for row in await _rows(connection, query)}


async def _rows(connection: Any, query: sql.Composed) -> list[dict[str, Any]]:
    cursor = await connection.execute(query, prepare=False)
    found: list[dict[str, Any]] = await cursor.fetchall()
    return found


def _key(row: dict[str, Any], fields: Sequence[str]) -> Key:
    return tuple(str(row[name]) for name in fields)


def _composed(template: Any, **parts: Any) -> sql.Composed:
    return sql.SQL(template).format(**parts)


def _keys(names: Sequence[str]) -> dict[str, sql.Composed]:
    """What is grouped by; nothing gives one group of all."""
    fields = [sql.Identifier(name) for name in names]
    return {
        "keys": sql.SQL(", ").join(fields),
        "selected": sql.Composed([sql.SQL("{}, ").format(field) for field in fields]),
    }


def _tallies(plan: CountPlan) -> sql.Composed:
    return _composed(
        _TALLIES,
        **_keys(plan.by),
        people=_people(plan, plan.group_fields),
        acts=_acts(plan),
        same=sql.SQL("AND acts.of_period = people.period" if PERIOD in plan.by else ""),
    )


def _people(plan: CountPlan, fields: Sequence[str]) -> sql.Composed:
    return _composed(
        _PEOPLE,
        study=sql.Literal(plan.study_id),
        until=sql.Literal(plan.until),
        fields=_selected(fields),
        where=_conditions(plan, Side.PERSON),
    )


def _acts(plan: CountPlan) -> sql.Composed:
    where = [_conditions(plan, Side.ACT)]
    where += [
        sql.SQL(" AND {} = ANY ({})").format(_expression(name), sql.Literal(list(values)))
        for name, values in plan.measure.conditions.items()
    ]
    where += [sql.SQL(" AND {} IS NOT NULL").format(_expression(name)) for name in plan.act_fields]
    period = sql.SQL(", width_bucket(a.day, {})").format(sql.Literal(list(plan.schedule.starts)))
    by_period = [period] if PERIOD in plan.by else []
    return _composed(
        _ACTS,
        study=sql.Literal(plan.study_id),
        fields=sql.Composed(
            [_selected(plan.act_fields), *(one + sql.SQL(" AS of_period") for one in by_period)]
        ),
        groups=sql.Composed(
            [sql.SQL(", {}").format(_expression(name)) for name in plan.act_fields] + by_period
        ),
        where=sql.Composed(where),
        days=sql.Literal(plan.measure.least_days),
    )


def _selected(names: Sequence[str]) -> sql.Composed:
    return sql.Composed(
        [sql.SQL(", {} AS {}").format(_expression(name), sql.Identifier(name)) for name in names]
    )


def _conditions(plan: CountPlan, side: Side) -> sql.Composed:
    return sql.Composed(
        [
            sql.SQL(" AND {} = {}").format(_expression(name), sql.Literal(value))
            for name, value in plan.where
            if FIELDS[name].side == side
        ]
    )


def _expression(name: str) -> sql.Composable:
    """The value of a field, as text."""
    if name == PERIOD:
        return sql.SQL("o.period")
    if FIELDS[name].side == Side.ACT:
        return sql.SQL("a.{}::text").format(sql.Identifier(name))
    skipped = sql.Literal(NOT_ANSWERED)
    return sql.SQL("coalesce(p.{}, {})").format(sql.Identifier(name), skipped)
