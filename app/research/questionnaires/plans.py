"""What a study asks in which wave, how long each is open and how often it reminds. Planned while
the study is a draft; the database keeps it as it was from then on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from psycopg.rows import DictRow
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import db
from app.research import policies
from app.research.bands import AskedInstrument
from app.research.errors.instruments import InstrumentNotFoundError
from app.research.errors.studies import StudyNotReadyError
from app.research.instruments import catalogue, wording_access
from app.research.instruments.structure import Instrument
from app.research.models import Study
from app.research.questionnaires.errors import BadQuestionPlanError, WaveNotFoundError

MOST_INSTRUMENTS = 20
_YEAR_WEEKS = 52

_PLAN = """
    SELECT opens_at, window_days, late_days, reminders, reminder_days
    FROM research.question_plans WHERE study_id = %s
"""
_WAVES = """
    SELECT w.number, w.week, w.opens_on,
      coalesce(array_agg(i.instrument ORDER BY i.position) FILTER (WHERE i.wave IS NOT NULL), '{}')
        AS instruments,
      coalesce(array_agg(i.version ORDER BY i.position) FILTER (WHERE i.wave IS NOT NULL), '{}')
        AS versions
    FROM research.waves w
    LEFT JOIN research.wave_instruments i ON i.study_id = w.study_id AND i.wave = w.number
    WHERE w.study_id = %s GROUP BY w.number, w.week, w.opens_on ORDER BY w.number
"""
_ASKED = """
    SELECT instrument, version::integer, array_agg(wave::integer ORDER BY wave)
    FROM research.wave_instruments WHERE study_id = %s
    GROUP BY instrument, version ORDER BY min(wave), min(position), instrument, version
"""
_FORGET = (
    "DELETE FROM research.wave_instruments WHERE study_id = %(study)s",
    "DELETE FROM research.question_plans WHERE study_id = %(study)s",
)
_KEEP_PLAN = """
    INSERT INTO research.question_plans
      (study_id, opens_at, window_days, late_days, reminders, reminder_days)
    VALUES (%(study)s, %(opens_at)s, %(window)s, %(late)s, %(reminders)s, %(apart)s)
"""
_KEEP_INSTRUMENT = """
    INSERT INTO research.wave_instruments (study_id, wave, position, instrument, version)
    VALUES (%s, %s, %s, %s, %s)
"""


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a wave is open and how often it reminds, in days."""

    opens_at: time = time(0, 0)
    window_days: int = 28
    late_days: int = 14
    reminders: int = 2
    reminder_days: int = 7


@dataclass(frozen=True, slots=True)
class PlannedWave:
    """A wave with what it asks, in that order."""

    number: int
    week: int | None
    opens_on: date | None
    instruments: tuple[Instrument, ...]


@dataclass(frozen=True, slots=True)
class PlannedQuestions:
    """How a study asks; its waves, also those that ask nothing."""

    timing: Timing
    waves: tuple[PlannedWave, ...]

    def wave(self, number: int) -> PlannedWave:
        """The wave of this number, if it asks anything; raises WaveNotFoundError."""
        for one in self.waves:
            if one.number == number and one.instruments:
                return one
        raise WaveNotFoundError


async def of_study(pool: db.Pool, study_id: UUID) -> PlannedQuestions | None:
    """The plan of a study; None when it asks nothing."""
    rows = await db.fetch(pool, _PLAN, (study_id,))
    if not rows:
        return None
    waves = await db.fetch(pool, _WAVES, (study_id,))
    return PlannedQuestions(Timing(**rows[0]), tuple(_wave(row) for row in waves))


async def waves_of(pool: db.Pool, study_id: UUID) -> tuple[PlannedWave, ...]:
    """The waves of a study, with nothing asked in them where nothing is planned yet."""
    return tuple(_wave(row) for row in await db.fetch(pool, _WAVES, (study_id,)))


async def asked_of(session: AsyncSession, study_id: UUID) -> tuple[AskedInstrument, ...]:
    """Each instrument in each version that the waves of a study ask, in the order of the plan."""
    connection = await db.driver(session)
    cursor = await connection.execute(_ASKED, (study_id,))
    return tuple(
        AskedInstrument(name, version, tuple(numbers))
        for name, version, numbers in await cursor.fetchall()
    )


def _wave(row: DictRow) -> PlannedWave:
    asked = zip(row["instruments"], row["versions"], strict=True)
    return PlannedWave(
        number=row["number"],
        week=row["week"],
        opens_on=row["opens_on"],
        instruments=tuple(wording_access.find(name, version) for name, version in asked),
    )


async def set_(
    session: AsyncSession,
    pool: db.Pool,
    study: Study,
    timing: Timing,
    asked: Mapping[int, Sequence[str]],
) -> None:
    """Plan what is asked: by the number of each wave, the names of its instruments in their newest
    versions. `study` must be locked. Raises StudyNotReadyError once it has opened,
    InstrumentLockedError for one whose words can't be shown, and BadQuestionPlanError."""
    policies.can_plan_questions(study).enforce(StudyNotReadyError)
    _check_timing(timing)
    connection = await db.driver(session)
    cursor = await connection.execute(
        "SELECT number FROM research.waves WHERE study_id = %s", (study.id,)
    )
    planned = {number for (number,) in await cursor.fetchall()}
    rows = [
        (study.id, wave, position, found.name, found.version)
        for wave, names in sorted(asked.items())
        for position, found in enumerate(_instruments(wave, names, planned), start=1)
    ]
    if not rows:
        raise BadQuestionPlanError(pointer="/waves")
    for name in {row[3] for row in rows}:
        await wording_access.access(pool, name)
    for statement in _FORGET:
        await connection.execute(statement, {"study": study.id})
    values = {
        "study": study.id,
        "opens_at": timing.opens_at,
        "window": timing.window_days,
        "late": timing.late_days,
        "reminders": timing.reminders,
        "apart": timing.reminder_days,
    }
    await connection.execute(_KEEP_PLAN, values)
    await connection.cursor().executemany(_KEEP_INSTRUMENT, rows)


def _check_timing(timing: Timing) -> None:
    if timing.reminders and timing.reminders * timing.reminder_days >= timing.window_days:
        raise BadQuestionPlanError(
            "The last reminder would come when the window has closed. Ask for fewer, closer "
            "together, or for a longer window.",
            pointer="/reminders",
        )


def _instruments(wave: int, names: Sequence[str], planned: set[int]) -> list[Instrument]:
    if names and wave not in planned:
        raise BadQuestionPlanError(f"There is no wave {wave} in this study.", pointer="/waves")
    if len(set(names)) != len(names):
        raise BadQuestionPlanError("A wave asks each instrument once.", pointer="/waves")
    found = []
    for name in names:
        versions = catalogue.shipped().versions(name)
        if not versions:
            raise InstrumentNotFoundError(f"There is no instrument “{name}”.")
        found.append(versions[0])
    return found


def spoken(week: int | None, opens_on: date | None) -> str:
    """What a wave is called on screen and in letters: `Baseline`, `After 3 months`."""
    if week is None:
        return "" if opens_on is None else f"{opens_on.day} {opens_on:%B %Y}"
    if week == 0:
        return "Baseline"
    months, left = divmod(week * 12, _YEAR_WEEKS)
    return f"After {months} months" if not left else f"After {week} weeks"
