"""When the team is here, and how soon each kind of case should be looked at."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from psycopg.rows import tuple_row
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock, db
from app.core.errors import InvalidError
from app.moderation.hours_models import TargetKind

DAY: Final = 1440
#: Several are edited together, so one lock for all of them.
_LOCK: Final = 7_221_019


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """From and until which minute of a weekday (Monday is 0)."""

    weekday: int
    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class TeamPresence:
    """Whether the team is here at a moment, until when, and when next; None where it never ends
    or nobody has said."""

    is_here: bool
    until: datetime | None = None
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Team:
    """The hours of a week and the targets, in minutes."""

    intervals: tuple[Interval, ...]
    targets: dict[TargetKind, int]
    zone: ZoneInfo

    def standing(self, at: datetime | None = None) -> TeamPresence:
        """How it is at that moment, or now."""
        now = at or clock.now()
        spans = list(_joined(sorted(self._spans(now))))
        for opens, closes in spans:
            if opens <= now < closes:
                is_endless = closes - opens >= timedelta(days=8)
                return TeamPresence(True, until=None if is_endless else closes)
            if now < opens:
                return TeamPresence(False, next_at=opens)
        return TeamPresence(False)

    def _spans(self, now: datetime) -> Iterator[tuple[datetime, datetime]]:
        """From yesterday to nine days on, as moments: clocks may change in between."""
        today = now.astimezone(self.zone).date()
        for ahead in range(-1, 10):
            day = today + timedelta(days=ahead)
            for one in self.intervals:
                if one.weekday == day.weekday():
                    yield self._moment(day, one.opens), self._moment(day, one.closes)

    def _moment(self, day: date, minutes: int) -> datetime:
        on = day + timedelta(days=minutes // DAY)
        at = time(minutes % DAY // 60, minutes % 60)
        return datetime.combine(on, at, self.zone).astimezone(UTC)


def _joined(
    spans: Sequence[tuple[datetime, datetime]],
) -> Iterator[tuple[datetime, datetime]]:
    """Spans that touch, as over midnight, are one."""
    last: tuple[datetime, datetime] | None = None
    for opens, closes in spans:
        if last is not None and opens <= last[1]:
            last = (last[0], max(last[1], closes))
            continue
        if last is not None:
            yield last
        last = (opens, closes)
    if last is not None:
        yield last


_HOURS = "SELECT weekday, opens, closes FROM moderation.hours ORDER BY weekday, opens"
_TARGETS = "SELECT kind, minutes FROM moderation.targets ORDER BY kind"


async def read(pool: db.Pool, zone: str) -> Team:
    """The hours and targets as they are."""
    hours = await db.fetch_tuples(pool, _HOURS, {})
    targets = await db.fetch_tuples(pool, _TARGETS, {})
    return _team(hours, targets, zone)


async def read_within(session: AsyncSession, zone: str) -> Team:
    """The same within a unit of work."""
    connection = await db.driver(session)
    async with connection.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute(_HOURS)
        hours = await cursor.fetchall()
        await cursor.execute(_TARGETS)
        return _team(hours, await cursor.fetchall(), zone)


def _team(
    hours: Sequence[tuple[int, int, int]], targets: Sequence[tuple[str, int]], zone: str
) -> Team:
    return Team(
        intervals=tuple(Interval(*row) for row in hours),
        targets={TargetKind(kind): minutes for kind, minutes in targets},
        zone=ZoneInfo(zone),
    )


async def replace(
    session: AsyncSession, *, intervals: Collection[Interval], targets: dict[TargetKind, int]
) -> None:
    """Put these in the place of what was there; raises InvalidError when hours run into each
    other."""
    ordered = sorted(intervals)
    for one in ordered:
        if one.opens >= one.closes:
            raise InvalidError("Each time must end after it begins.", pointer="/hours")
    for before, after in pairwise(ordered):
        if before.weekday == after.weekday and after.opens < before.closes:
            raise InvalidError("Two times on one day run into each other.", pointer="/hours")
    connection = await db.driver(session)
    await connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
    await connection.execute("DELETE FROM moderation.hours")
    for one in ordered:
        await connection.execute(
            "INSERT INTO moderation.hours (weekday, opens, closes) VALUES (%s, %s, %s)",
            (one.weekday, one.opens, one.closes),
        )
    for kind, minutes in targets.items():
        await connection.execute(
            "UPDATE moderation.targets SET minutes = %s WHERE kind = %s", (minutes, kind.value)
        )
