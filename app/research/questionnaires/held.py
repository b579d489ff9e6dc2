"""My data: what studies hold of somebody's answers, in the words that they read, and what was sent
to them about it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from app.core import db
from app.core.db import Pool
from app.identity.pseudonyms import LINKS_OF_MEMBER
from app.research.errors.instruments import InstrumentLockedError, InstrumentNotFoundError
from app.research.errors.participation import NotTakingPartError
from app.research.instruments import wording_access
from app.research.instruments.wording_access import Worded
from app.research.questionnaire_models import PartOfDay, ResponseMode
from app.research.questionnaires import answer_values, plans
from app.research.scoring import Answer

SKIPPED: Final = "Skipped"

_PARTICIPANT: Final = f"""
    SELECT participant_id FROM ({LINKS_OF_MEMBER}) l WHERE l.study_id = %(study)s
"""  # noqa: S608 - joins two constants
_RESPONSES: Final = """
    SELECT r.wave, w.week, w.opens_on, r.mode, r.due_at, r.opened_at, r.saved_at, r.done_at,
      r.declined_at, r.late_at, r.answered_on
    FROM research.responses r JOIN research.waves w ON w.study_id = r.study_id AND w.number = r.wave
    WHERE r.study_id = %(study)s AND r.participant_id = %(id)s ORDER BY r.wave
"""
_ANSWERS: Final = """
    SELECT a.wave, a.item, a.value, a.codes, a.words, a.instrument, p.version, p.language, p.wording
    FROM research.answers a
    JOIN research.response_parts p USING (study_id, participant_id, wave, instrument)
    JOIN research.wave_instruments i USING (study_id, wave, instrument)
    WHERE a.study_id = %(study)s AND a.participant_id = %(id)s ORDER BY a.wave, i.position
"""
_INVITATIONS: Final = """
    SELECT wave, number, sent_at, by_email FROM research.invitations
    WHERE study_id = %(study)s AND participant_id = %(id)s ORDER BY sent_at
"""
_CONTACTS: Final = """
    SELECT wave, asked_at, answered_at FROM research.contact_requests
    WHERE study_id = %(study)s AND participant_id = %(id)s ORDER BY asked_at
"""
_CHOICES: Final = """
    SELECT part_of_day, by_email, stopped_at FROM research.invitation_choices
    WHERE study_id = %(study)s AND participant_id = %(id)s
"""


@dataclass(frozen=True, slots=True)
class HeldAnswer:
    """An answer as they read it; the question is None where no licence lets us show it now."""

    item: str
    question: str | None
    answer: str


@dataclass(frozen=True, slots=True)
class HeldResponse:
    """What they did with one wave, with its times."""

    wave: int
    title: str
    mode: ResponseMode
    due_at: datetime
    opened_at: datetime
    saved_at: datetime | None
    done_at: datetime | None
    declined_at: datetime | None
    late_at: datetime | None
    answered_on: date | None
    answers: list[HeldAnswer]


@dataclass(frozen=True, slots=True)
class HeldInvitation:
    """An invitation, or a reminder (`number` above 0)."""

    wave: int
    number: int
    sent_at: datetime
    by_email: bool


@dataclass(frozen=True, slots=True)
class HeldContact:
    """They asked the team to get in touch; how to reach them is forgotten once somebody has."""

    wave: int
    asked_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class HeldChoices:
    """When and how they want to be invited."""

    part_of_day: PartOfDay | None
    by_email: bool
    stopped_at: datetime | None


@dataclass(frozen=True, slots=True)
class HeldQuestions:
    """All that a study holds about what somebody was asked."""

    responses: list[HeldResponse]
    invitations: list[HeldInvitation]
    contacts: list[HeldContact]
    choices: HeldChoices | None


async def of_member(pool: Pool, member_id: UUID, study_id: UUID) -> HeldQuestions:
    """Everything; raises NotTakingPartError. Its size is that of the waves, so it has no pages."""
    asked: dict[str, Any] = {"member_id": member_id, "study": study_id}
    found = await db.fetch(pool, _PARTICIPANT, asked)
    if not found:
        raise NotTakingPartError
    asked["id"] = found[0]["participant_id"]
    answers = await _answers(pool, asked)
    responses = [
        HeldResponse(
            title=plans.spoken(row.pop("week"), row.pop("opens_on")),
            answers=answers.get(row["wave"], []),
            **row,
        )
        for row in await db.fetch(pool, _RESPONSES, asked)
    ]
    choices = await db.fetch(pool, _CHOICES, asked)
    return HeldQuestions(
        responses=responses,
        invitations=[HeldInvitation(**row) for row in await db.fetch(pool, _INVITATIONS, asked)],
        contacts=[HeldContact(**row) for row in await db.fetch(pool, _CONTACTS, asked)],
        choices=HeldChoices(**choices[0]) if choices else None,
    )


async def _answers(pool: Pool, asked: dict[str, Any]) -> dict[int, list[HeldAnswer]]:
    """By wave, in the order in which they were asked."""
    rows = await db.fetch(pool, _ANSWERS, asked)
    found: dict[int, dict[tuple[str, int], HeldAnswer]] = {}
    for row in rows:
        worded = await _words(pool, row)
        instrument = wording_access.find(row["instrument"], row["version"])
        place = [one.name for one in instrument.items].index(row["item"])
        answer = answer_values.read(row)
        held = HeldAnswer(row["item"], *_spoken(worded, row["item"], answer))
        found.setdefault(row["wave"], {})[(row["instrument"], place)] = held
    order = {row["instrument"]: number for number, row in enumerate(rows)}
    return {
        wave: [by[key] for key in sorted(by, key=lambda one: (order[one[0]], one[1]))]
        for wave, by in found.items()
    }


async def _words(pool: Pool, row: dict[str, Any]) -> Worded | None:
    try:
        return await wording_access.access(
            pool,
            row["instrument"],
            version=row["version"],
            language=row["language"],
            wording=row["wording"],
        )
    except (InstrumentLockedError, InstrumentNotFoundError):
        return None


def _spoken(worded: Worded | None, name: str, answer: Answer) -> tuple[str | None, str]:
    """The question and the answer as they were read; numbers where the words are locked."""
    question = None if worded is None else worded.wording.items[name].text
    if answer is None:
        return question, SKIPPED
    if isinstance(answer, str):
        return question, answer
    codes = [answer] if isinstance(answer, int) else list(answer)
    labels: dict[str, str] = {}
    if worded is not None and (options := worded.instrument.item(name).options):
        labels = worded.wording.options[options]
    return question, ", ".join(labels.get(str(code), str(code)) for code in codes)
