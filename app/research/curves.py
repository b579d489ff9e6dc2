"""Curves of a study: who joined, week by week since it opened, and who did something, week by week
since joining. Drawn from figures that may be seen, and from nothing else.

Recruitment counts whoever ever joined, also those who stopped or were erased: a tombstone keeps the
day, so no later erasure changes a figure that was told. Only weeks that are over are told, blurred
as every live count is (`participant_counts`); two ways of rounding one number would narrow it.

Activity is a question like any other: protected, on the ledger, and the same for 28 days. A week
counts those who agreed to a record all through it, so that nobody looks quiet for having been away.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import Final
from uuid import UUID

from app.core import clock, db
from app.core.db import Database, unit_of_work
from app.research import calendar, questions, studies
from app.research.participant_counts import blurred
from app.research.protection import rules, tables
from app.research.protection.cells import Tally
from app.research.question_fields import MEASURES
from app.research.questions import Answer, Axis, Option, Question

WEEK: Final = 7
#: A longer curve is told every fourth week: a table of it can still be read.
WEEKS_EACH: Final = 26
COARSE: Final = 4
#: Weeks since joining that are told at most.
MOST_WEEKS: Final = 52

ACTIVE: Final = Question("active", "people", ("week",), ())


@dataclass(frozen=True, slots=True)
class Point:
    """How many had joined by the end of a week; None for fewer than are told."""

    week: int
    ended_on: date
    people: int | None


@dataclass(frozen=True, slots=True)
class Recruitment:
    """Who joined by when, and how many have looked at the study until now."""

    points: list[Point]
    step_weeks: int
    looked: int | None


_JOINED: Final = """
    SELECT research.local_date(s.opened_at) AS opened_on, research.local_date(s.closed_at)
        AS closed_on, research.local_date(%(now)s) AS today,
      (SELECT coalesce(sum(people), 0)::int FROM research.look_counts WHERE study_id = s.id)
        AS looked,
      days.joined_on, days.people
    FROM research.studies s CROSS JOIN LATERAL (
      SELECT coalesce(array_agg(d.on_day ORDER BY d.on_day), '{}') AS joined_on,
        coalesce(array_agg(d.people ORDER BY d.on_day), '{}') AS people
      FROM (SELECT p.enrolled_on AS on_day, count(*)::int AS people
        FROM research.participants p WHERE p.study_id = s.id AND NOT p.was_staff
        GROUP BY p.enrolled_on) d) days
    WHERE s.id = %(study_id)s AND s.opened_at IS NOT NULL
"""


async def recruitment(pool: db.Pool, study_id: UUID) -> Recruitment:
    """The curve of who joined; without a point while no week is over."""
    rows = await db.fetch(pool, _JOINED, {"study_id": study_id, "now": clock.now()})
    if not rows:
        return Recruitment([], 1, None)
    (row,) = rows
    joined = _Joined(row["joined_on"], [0, *accumulate(row["people"])])
    points, step = _points(joined, row["opened_on"], row["closed_on"], row["today"])
    return Recruitment(points, step, blurred(row["looked"]))


@dataclass(frozen=True, slots=True)
class _Joined:
    """The days on which somebody joined, in order, and how many had before each and after all."""

    days: Sequence[date]
    people: Sequence[int]

    def until(self, day: date) -> int:
        return self.people[bisect_right(self.days, day)]


def _points(
    joined: _Joined, opened_on: date, closed_on: date | None, today: date
) -> tuple[list[Point], int]:
    """A point a week, or every fourth of many."""
    weeks = (today - opened_on).days // WEEK
    if closed_on is not None:
        # Its last week is told once it would have been over, like any other.
        weeks = min(weeks, (closed_on - opened_on).days // WEEK + 1)
    step = 1 if weeks <= WEEKS_EACH else COARSE
    points = []
    for week in range(step, weeks + 1, step):
        ended_on = opened_on + timedelta(days=WEEK * week - 1)
        points.append(Point(week, ended_on, blurred(joined.until(ended_on))))
    return points, step


_BY_WEEK: Final = """
    WITH turns AS (
      SELECT c.participant_id AS who, c.id, research.local_date(c.at) AS turned_on,
        c.act = 'given' AS is_on,
        lag(c.act = 'given', 1, false) OVER (PARTITION BY c.participant_id ORDER BY c.id) AS was_on
      FROM research.consents c WHERE c.study_id = %(study_id)s AND c.purpose = 'activity'
    ), spans AS (
      SELECT who, is_on, turned_on, lead(turned_on) OVER (PARTITION BY who ORDER BY id) AS off_on
      FROM turns WHERE is_on <> was_on
    ), ends AS (
      SELECT least(%(today)s::date, research.local_date(s.closed_at)) AS last_on
      FROM research.studies s WHERE s.id = %(study_id)s
    ), observed AS (
      SELECT p.id, w.week
      FROM spans s CROSS JOIN ends e
      JOIN research.participants p ON p.study_id = %(study_id)s AND p.id = s.who
      CROSS JOIN LATERAL generate_series(
        (s.turned_on - p.enrolled_on + 6) / 7 + 1,
        least(%(most)s, (least(e.last_on, s.off_on) - p.enrolled_on) / 7)) w(week)
      WHERE s.is_on AND p.state <> 'erased' AND NOT p.was_staff
    ), acts AS (
      SELECT DISTINCT participant_id, day / 7 + 1 AS week FROM research.activities
      WHERE study_id = %(study_id)s AND kind = ANY (%(kinds)s)
    )
    SELECT o.week, count(*) AS people, count(a.participant_id) AS active
    FROM observed o LEFT JOIN acts a ON a.participant_id = o.id AND a.week = o.week
    GROUP BY o.week ORDER BY o.week
"""


async def activity(database: Database, study_id: UUID, *, by: UUID) -> Answer | None:
    """The curve of who did something; None while too few have been there for a week.

    Asked once in 28 days, whoever looks in between: a look at what was told is no new question.
    """
    async with unit_of_work(database) as session:
        await studies.access(session, study_id, is_researcher=True)
        today = await calendar.day_of(session, clock.now())
        told = await questions.told(session, study_id, ACTIVE, today)
        if told is not None:
            return told
    counted = await db.fetch(
        database.pool,
        _BY_WEEK,
        {
            "study_id": study_id,
            "today": today,
            "most": MOST_WEEKS,
            "kinds": list(MEASURES[ACTIVE.of].conditions["kind"]),
        },
    )
    by_week = {row["week"]: row for row in counted}
    weeks = range(1, max(by_week, default=0) + 1)
    people, active = (
        [by_week[week][what] if week in by_week else 0 for week in weeks]
        for what in ("people", "active")
    )
    if rules.is_too_few(max(people, default=0)):
        return None
    answer = _answer(people, active, today)
    async with unit_of_work(database) as session:
        session.add(questions.entry(study_id, by, today, ACTIVE, answer))
    return answer


def _answer(people: Sequence[int], active: Sequence[int], today: date) -> Answer:
    measure = MEASURES[ACTIVE.of]
    groups = tables.protect([[Tally(count)] for count in people], rows_add=False)
    table = tables.protect([[Tally(count)] for count in active], of=groups.values, rows_add=False)
    weeks = [Option(str(week), f"week {week}") for week in range(1, len(people) + 1)]
    return Answer(
        measure=measure.name,
        label=measure.label,
        definition=measure.definition,
        count=ACTIVE.count,
        where=[],
        rows=Axis("week", "weeks since joining", weeks, adds=False),
        columns=None,
        table=table,
        base=rules.INSIDE.shown(max(people)),
        redacted=table.redacted,
        rule=rules.PEOPLE_RULE,
        counted_on=today,
        held_until=today + timedelta(days=questions.HELD_DAYS),
    )
