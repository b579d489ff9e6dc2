"""What a participant is asked, in words for their screen: what is open, comes, or is done."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from app.core import clock, db
from app.core.db import Pool
from app.identity.pseudonyms import LINKS_OF_MEMBER
from app.research.errors.instruments import InstrumentLockedError, InstrumentNotFoundError
from app.research.instruments import wording_access
from app.research.instruments.wording_access import Worded
from app.research.questionnaires import answer_values, plans
from app.research.questionnaires.errors import WaveNotFoundError
from app.research.scoring import Answer

_WAVES: Final = """
    SELECT p.id AS participant_id, s.id AS study_id, s.title AS study_title, w.number AS wave,
      w.week, w.opens_on, t.opens_at, t.closes_at, t.ends_at, r.opened_at, r.saved_at, r.done_at,
      r.declined_at,
      ARRAY(SELECT i.instrument FROM research.wave_instruments i
        WHERE i.study_id = s.id AND i.wave = w.number ORDER BY i.position) AS instruments,
      ARRAY(SELECT i.version FROM research.wave_instruments i
        WHERE i.study_id = s.id AND i.wave = w.number ORDER BY i.position) AS versions,
      (SELECT count(*) FROM research.answers a WHERE a.study_id = s.id
        AND a.participant_id = p.id AND a.wave = w.number) AS answered
    FROM research.participants p
    JOIN research.studies s ON s.id = p.study_id
    JOIN research.waves w ON w.study_id = s.id
    CROSS JOIN LATERAL research.wave_times(s.id, w.number, p.enrolled_on) t
    LEFT JOIN research.responses r
      ON r.study_id = s.id AND r.participant_id = p.id AND r.wave = w.number
    WHERE research.may_record(p.id, 'questionnaires', %(now)s)
"""
_OF_MEMBER: Final = f"""
    {_WAVES} AND p.id IN (SELECT participant_id FROM ({LINKS_OF_MEMBER}) l)
    ORDER BY t.opens_at, s.id, w.number
"""  # noqa: S608 - joins two constants
_OF_PARTICIPANT: Final = f"""
    {_WAVES} AND s.id = %(study)s AND p.id = %(participant)s ORDER BY w.number
"""
_SAVED: Final = """
    SELECT item, value, codes, words FROM research.answers
    WHERE study_id = %s AND participant_id = %s AND wave = %s
"""


class WaveStanding(StrEnum):
    """How a wave stands with somebody."""

    UPCOMING = "upcoming"
    OPEN = "open"
    BEGUN = "begun"
    #: Its window is over; what comes is still taken.
    LATE = "late"
    DONE = "done"
    DECLINED = "declined"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class OwnWave:
    """A wave of somebody's study, with how it stands with them."""

    participant_id: str
    study_id: UUID
    study_title: str
    wave: int
    title: str
    standing: WaveStanding
    opens_at: datetime
    closes_at: datetime
    ends_at: datetime
    minutes: int
    answered: int
    #: Names and versions of what it asks, in that order.
    instruments: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class AskedWave:
    """Everything that a screen needs to ask it, and what was answered so far."""

    own: OwnWave
    questionnaires: list[Worded]
    answers: dict[str, Answer]


async def waves_of_member(pool: Pool, member_id: UUID) -> list[OwnWave]:
    """Each wave of each study in which the member agrees to questionnaires, the earliest first."""
    now = clock.now()
    rows = await db.fetch(pool, _OF_MEMBER, {"member_id": member_id, "now": now})
    return [_own(row, now) for row in rows]


async def waves_of_participant(pool: Pool, study_id: UUID, participant_id: str) -> list[OwnWave]:
    """The same for one participant of one study."""
    now = clock.now()
    asked = {"study": study_id, "participant": participant_id, "now": now}
    return [_own(row, now) for row in await db.fetch(pool, _OF_PARTICIPANT, asked)]


async def asked(pool: Pool, waves: list[OwnWave], study_id: UUID, wave: int) -> AskedWave:
    """One of these waves with its questions; raises WaveNotFoundError. What no licence lets us show
    any more is left out."""
    for one in waves:
        if (one.study_id, one.wave) == (study_id, wave):
            break
    else:
        raise WaveNotFoundError
    rows = await db.fetch(pool, _SAVED, (study_id, one.participant_id, wave))
    answers = {row["item"]: answer_values.read(row) for row in rows}
    return AskedWave(one, await _worded(pool, one), answers)


async def _worded(pool: Pool, one: OwnWave) -> list[Worded]:
    found = []
    for name, version in one.instruments:
        try:
            found.append(await wording_access.access(pool, name, version=version))
        except (InstrumentLockedError, InstrumentNotFoundError):
            continue
    return found


def _own(row: dict[str, Any], now: datetime) -> OwnWave:
    asked = tuple(zip(row["instruments"], row["versions"], strict=True))
    return OwnWave(
        participant_id=row["participant_id"],
        study_id=row["study_id"],
        study_title=row["study_title"],
        wave=row["wave"],
        title=plans.spoken(row["week"], row["opens_on"]),
        standing=_standing(row, now),
        opens_at=row["opens_at"],
        closes_at=row["closes_at"],
        ends_at=row["ends_at"],
        minutes=sum(wording_access.find(name, version).minutes for name, version in asked),
        answered=row["answered"],
        instruments=asked,
    )


def _standing(row: dict[str, Any], now: datetime) -> WaveStanding:
    if row["done_at"] is not None:
        return WaveStanding.DONE
    if now < row["opens_at"]:
        return WaveStanding.UPCOMING
    if now >= row["ends_at"]:
        return WaveStanding.MISSED
    if row["declined_at"] is not None:
        return WaveStanding.DECLINED
    if now >= row["closes_at"]:
        return WaveStanding.LATE
    return WaveStanding.OPEN if row["saved_at"] is None else WaveStanding.BEGUN
