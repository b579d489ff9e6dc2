"""What was typed of papers, and which of them wait for whom."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import db
from app.research.questionnaires import paper_comparison, plans
from app.research.questionnaires.paper_comparison import Difference, Reading
from app.research.questionnaires.respondents import Respondent

_COLUMNS: Final = "answered_on, answers, entered_by"
_OF_WAVE: Final = f"""
    SELECT {_COLUMNS} FROM research.paper_entries
    WHERE study_id = %(study)s AND participant_id = %(id)s AND wave = %(wave)s ORDER BY entry
"""  # noqa: S608 - a constant of ours
# Whoever confirms and whoever discards wait for each other.
_LOCKED: Final = f"{_OF_WAVE} FOR UPDATE"
_IS_DONE: Final = """
    SELECT 1 FROM research.responses WHERE study_id = %(study)s AND participant_id = %(id)s
      AND wave = %(wave)s AND done_at IS NOT NULL
"""
_WAITING: Final = """
    SELECT e.participant_id, e.wave, w.week, w.opens_on, array_agg(e.entered_by ORDER BY e.entry)
      AS people, max(e.entered_at) AS entered_at
    FROM research.paper_entries e
    JOIN research.waves w ON w.study_id = e.study_id AND w.number = e.wave
    WHERE e.study_id = %s AND NOT EXISTS (SELECT FROM research.responses r
      WHERE r.study_id = e.study_id AND r.participant_id = e.participant_id AND r.wave = e.wave
        AND r.done_at IS NOT NULL)
    GROUP BY e.participant_id, e.wave, w.week, w.opens_on
    ORDER BY entered_at, e.participant_id, e.wave
"""


class PaperStep(StrEnum):
    """What is to be done with a paper next, for the one who asks."""

    #: Nobody has typed it.
    FIRST = "first"
    #: Someone else has; type it again.
    SECOND = "second"
    #: You have; someone else types it again, or decides.
    WAIT = "wait"
    #: You were the second; decide what differs and confirm.
    DECIDE = "decide"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Entry:
    """What one person typed."""

    reading: Reading
    entered_by: UUID
    #: By instrument, which words stood above it, and which items were typed.
    words: dict[str, tuple[str, int]]
    items: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class PaperState:
    """How a paper stands for the one who asks. What differs is told to the second person only."""

    step: PaperStep
    days: list[date]
    differences: list[Difference]


@dataclass(frozen=True, slots=True)
class WaitingPaper:
    """A paper that was typed and is not confirmed yet."""

    pseudonym: str
    wave: int
    title: str
    step: PaperStep
    entered_at: datetime


async def of_wave(session: AsyncSession, respondent: Respondent, wave: int) -> list[Entry]:
    """What was typed of one paper, the first entry first."""
    asked = {"study": respondent.study_id, "id": respondent.participant_id, "wave": wave}
    return _entries(await db.fetch_within(session, _LOCKED, asked))


async def state(
    pool: db.Pool, study_id: UUID, participant_id: str, wave: int, *, by: UUID
) -> PaperState:
    """How one paper stands."""
    asked = {"study": study_id, "id": participant_id, "wave": wave}
    if await db.fetch(pool, _IS_DONE, asked):
        return PaperState(PaperStep.DONE, [], [])
    entries = _entries(await db.fetch(pool, _OF_WAVE, asked))
    step = _step([one.entered_by for one in entries], by)
    if step is not PaperStep.DECIDE:
        return PaperState(step, [], [])
    first, second = (one.reading for one in entries)
    days = [first.answered_on, second.answered_on]
    return PaperState(
        step,
        [] if days[0] == days[1] else days,
        paper_comparison.differences(first, second),
    )


async def waiting(pool: db.Pool, study_id: UUID, *, by: UUID) -> list[WaitingPaper]:
    """Every paper of a study that is not confirmed yet, the one that waits longest first."""
    return [
        WaitingPaper(
            row["participant_id"],
            row["wave"],
            plans.spoken(row["week"], row["opens_on"]),
            _step(row["people"], by),
            row["entered_at"],
        )
        for row in await db.fetch(pool, _WAITING, (study_id,))
    ]


def _step(people: list[UUID], by: UUID) -> PaperStep:
    if not people:
        return PaperStep.FIRST
    if len(people) > 1 and people[1] == by:
        return PaperStep.DECIDE
    return PaperStep.SECOND if len(people) == 1 and people[0] != by else PaperStep.WAIT


def _entries(rows: Iterable[Mapping[str, Any]]) -> list[Entry]:
    return [_entry(row) for row in rows]


def _entry(row: Mapping[str, Any]) -> Entry:
    typed = row["answers"]
    answers = {item: one for part in typed.values() for item, one in part["answers"].items()}
    return Entry(
        reading=Reading(row["answered_on"], answers),
        entered_by=row["entered_by"],
        words={name: (part["language"], part["wording"]) for name, part in typed.items()},
        items={name: list(part["answers"]) for name, part in typed.items()},
    )
