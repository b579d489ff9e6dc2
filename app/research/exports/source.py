"""The rows a dataset is made of, in one view of the data from beginning to end.

All of it is read as the role that may read nothing that leads to a member, and where the settings
name one, by a login of its own. Who may be in it, and the flow of people, come from functions that
tell no more than that.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

import polars as pl
import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from app.core import logins
from app.research.answer_columns import CLUSTERS, MEETING_MINUTES, SESSIONS
from app.research.bands import ANSWERS, OBSERVED
from app.research.people_thresholds import rounded
from app.research.period_file import PERIOD, PERSON
from app.research.schedule import PERIOD_DAYS, TWELVE_WEEKS, Schedule
from app.research.special_codes import NOT_ANSWERED, NOT_APPLICABLE

#: With this memory the days of 40,000 people are sorted without temporary files: these are written
#: to the disk that every commit waits for.
_ALWAYS: Final = ("statement_timeout = 0", "jit = off", "work_mem = '128MB'")

#: What comes after the last wave lies between no two.
_OBSERVED: Final = """
    SELECT participant_id, period, days FROM research.observed_periods(%(study)s, %(until)s)
    WHERE %(last)s::integer IS NULL OR period <= %(last)s
"""

#: Sessions are numbered in the order in which they began: the last number of a period, less that of
#: the time before, is how many began in it. Peers are the others who are not staff: what goes to or
#: comes from staff, or oneself, is no support among peers. A reply of one's own that was taken back
#: names no other side. Days are made of all acts before anybody's last day is asked for: joined
#: first, ten million acts were fetched one by one through the index, which took five times as long.
_COUNTS: Final = """
    WITH by_day AS (
      SELECT participant_id, day,
        count(*) FILTER (WHERE kind = 'published')
          - count(*) FILTER (WHERE kind = 'took_back' AND target = 'post' AND reaction IS NULL)
          AS posts,
        count(*) FILTER (WHERE kind IN ('replied', 'reacted')
            AND other_side IN ('participant', 'member'))
          - count(*) FILTER (WHERE kind = 'took_back' AND (other_side IN ('participant', 'member')
            OR other_side IS NULL AND target = 'reply')) AS giving,
        count(*) FILTER (WHERE kind = 'received' AND other_side IN ('participant', 'member'))
          - count(*) FILTER (WHERE kind = 'lost' AND other_side IN ('participant', 'member'))
          AS receiving,
        coalesce(sum(seconds), 0) AS seconds,
        max(session) AS session,
        bool_or(kind NOT IN ('received', 'lost')) AS is_active
      FROM research.activities
      WHERE study_id = %(study)s
      GROUP BY participant_id, day
    ), by_period AS (
      SELECT participant_id, width_bucket(day, %(starts)s::integer[]) AS period,
        sum(posts)::int AS posts, sum(giving)::int AS giving, sum(receiving)::int AS receiving,
        (sum(seconds) / 60.0)::int AS minutes,
        count(*) FILTER (WHERE is_active)::int AS active_days, max(session) AS session
      FROM by_day JOIN research.last_days(%(study)s, %(until)s) USING (participant_id)
      WHERE day <= last_day GROUP BY 1, 2)
    SELECT participant_id, period, posts, giving, receiving, minutes, active_days,
      coalesce(max(session) OVER periods, 0) - coalesce(max(session) OVER (
        periods ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)
    FROM by_period WINDOW periods AS (PARTITION BY participant_id ORDER BY period)
"""
#: Who was taken off the list again was not there. The area is that of most meetings of the group
#: of most; of two groups that are alike it is the one of the lower number.
_MEETINGS: Final = """
    WITH came AS (
      SELECT participant_id, width_bucket(day, %(starts)s::integer[]) AS period, group_cluster,
        area_cluster, sum(times) AS meetings, sum(times * minutes) AS minutes
      FROM research.attendances
      JOIN research.last_days(%(study)s, %(until)s) USING (participant_id)
      WHERE study_id = %(study)s AND day <= last_day
      GROUP BY 1, 2, 3, 4 HAVING sum(times) > 0
    ), of_groups AS (
      SELECT *, sum(meetings) OVER (PARTITION BY participant_id, period, group_cluster) AS of_group,
        sum(meetings) OVER periods AS all_meetings, sum(minutes) OVER periods AS all_minutes
      FROM came WINDOW periods AS (PARTITION BY participant_id, period)
    )
    SELECT DISTINCT ON (participant_id, period) participant_id, period, all_meetings::int,
      all_minutes::int, group_cluster, area_cluster
    FROM of_groups
    ORDER BY participant_id, period, of_group DESC, group_cluster, meetings DESC, area_cluster
"""

_MEASURED: Final = ("posts", "giving", "receiving", "reading", "active_days", SESSIONS)
_OF_MEETINGS: Final = ("meetings", MEETING_MINUTES)

_ANSWERS: Final = """
    SELECT id, area, age_band, tenure_band, peer_support_before FROM research.participants
    WHERE study_id = %(study)s AND state <> 'erased' AND NOT was_staff ORDER BY id
"""

_SHEETS: Final = "SELECT research.sheet_versions(%(study)s)"
_REACHED: Final = "SELECT * FROM research.reached_acts(%(study)s, %(until)s)"
_FLOW: Final = "SELECT * FROM research.flow_of_people(%(study)s, %(until)s, %(days)s)"


@dataclass(frozen=True, slots=True)
class Reached:
    """From which day of theirs to which one's acts may leave as rows."""

    participant: str
    first_day: int
    last_day: int


@dataclass(frozen=True, slots=True)
class Source:
    """All that a dataset is made of, but for the acts: these are too many to hold."""

    counts: pl.DataFrame
    answers: pl.DataFrame
    flow: list[dict[str, int]]
    sheet_versions: list[int]
    reached: list[Reached]


@contextmanager
def reading(url: str) -> Iterator[psycopg.Connection]:
    """One view of the data, which nothing is written to, as the research role from the start."""
    with psycopg.connect(url, connect_timeout=5, application_name="alongside export") as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        with connection.transaction():
            for setting in _ALWAYS:
                connection.execute(f"SET LOCAL {setting}")
            connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(logins.RESEARCH)))
            yield connection


def read(
    connection: psycopg.Connection,
    study_id: UUID,
    *,
    until: date,
    schedule: Schedule = TWELVE_WEEKS,
) -> Source:
    """Everything but the acts."""
    asked: dict[str, Any] = {"study": study_id, "until": until, "days": PERIOD_DAYS}
    asked |= {"last": schedule.last, "starts": list(schedule.starts)}
    flow = _dicts(connection, _FLOW, asked)
    versions = [row[0] for row in connection.execute(_SHEETS, asked)]
    reached = [Reached(*row) for row in connection.execute(_REACHED, asked)]
    return Source(
        counts=_counts(connection, asked),
        answers=_answers(connection, asked),
        flow=[
            {name: n if name == "period" else rounded(n) for name, n in row.items()} for row in flow
        ],
        sheet_versions=versions,
        reached=reached,
    )


def _dicts(
    connection: psycopg.Connection, query: str, asked: dict[str, Any]
) -> list[dict[str, int]]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query.encode(), asked).fetchall()


def _counts(connection: psycopg.Connection, asked: dict[str, Any]) -> pl.DataFrame:
    """What was counted, in every period in which something could be; nothing counted is 0."""
    key = {PERSON: pl.String, PERIOD: pl.Int32}
    observed = pl.DataFrame(
        connection.execute(_OBSERVED, asked).fetchall(),
        schema={**key, OBSERVED: pl.Int32},
        orient="row",
    )
    counted = pl.DataFrame(
        connection.execute(_COUNTS, asked).fetchall(),
        schema={**key, **dict.fromkeys(_MEASURED, pl.Int32)},
        orient="row",
    )
    came = pl.DataFrame(
        connection.execute(_MEETINGS, asked).fetchall(),
        schema={**key, **dict.fromkeys((*_OF_MEETINGS, *CLUSTERS), pl.Int32)},
        orient="row",
    )
    for one in (counted, came):
        observed = observed.join(one, on=[PERSON, PERIOD], how="left")
    return observed.with_columns(
        pl.col((*_MEASURED, *_OF_MEETINGS)).fill_null(0),
        pl.col(CLUSTERS).fill_null(NOT_APPLICABLE),
    )


def _answers(connection: psycopg.Connection, asked: dict[str, Any]) -> pl.DataFrame:
    found = pl.DataFrame(
        connection.execute(_ANSWERS, asked).fetchall(),
        schema={PERSON: pl.String, **dict.fromkeys(ANSWERS, pl.String)},
        orient="row",
    )
    return found.with_columns(
        pl.col(name)
        .replace_strict({word: code for code, word in enumerate(words, start=1)}, default=None)
        .fill_null(NOT_ANSWERED)
        .cast(pl.Int16)
        for name, words in ANSWERS.items()
    )
