"""Contact that a participant asked for, after an answer that tells of hurting oneself or otherwise.
Only the team of the studies reads it, and moderators never hear of it. How to reach the person is
sealed, and forgotten once somebody has, or once they closed their account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock, db, mail, text
from app.core.encryption import Encryption
from app.core.ids import random_id
from app.core.logs import logger
from app.research.questionnaires import answering
from app.research.questionnaires.errors import ContactNotFoundError
from app.research.questionnaires.respondents import Respondent

PURPOSE: Final = "contact request"
REACH_LIMIT: Final = 300
RESEAL_BATCH: Final = 500
SUBJECT: Final = "Somebody in a study would like to hear from you"
_LETTER: Final = """\
Hello,

Somebody in a study would like to hear from you. Sign in to read it: {origin}/research

This e-mail says nothing about who or which study, on purpose.

Alongside
"""

_ASK: Final = """
    INSERT INTO research.contact_requests (id, study_id, participant_id, wave, reach, asked_at)
    VALUES (%(id)s, %(study)s, %(participant)s, %(wave)s, %(reach)s, %(now)s)
    ON CONFLICT (study_id, participant_id, wave) DO UPDATE
      SET reach = excluded.reach, answered_at = NULL, answered_by = NULL,
        asked_at = CASE WHEN contact_requests.answered_at IS NULL
          THEN contact_requests.asked_at ELSE excluded.asked_at END
    RETURNING asked_at = %(now)s AS is_new
"""
_WAITING: Final = """
    SELECT id, participant_id, wave, reach, asked_at, closed_on FROM research.contact_requests
    WHERE study_id = %s AND answered_at IS NULL ORDER BY asked_at, id
"""
_ANSWER: Final = """
    UPDATE research.contact_requests SET answered_at = %(now)s, answered_by = %(by)s, reach = NULL
    WHERE id = %(id)s AND study_id = %(study)s AND answered_at IS NULL
"""
_OLD_KEY: Final = f"""
    SELECT id, reach FROM research.contact_requests
    WHERE reach IS NOT NULL AND substr(reach, 1, %(width)s) <> %(key_id)s
    LIMIT {RESEAL_BATCH} FOR UPDATE
"""  # noqa: S608 - a constant of ours


@dataclass(frozen=True, slots=True)
class ContactWanted:
    """Somebody waits to be contacted: their pseudonym, and how to reach them, or on which day they
    closed their account, after which nothing can be done."""

    id: UUID
    participant_id: str
    wave: int
    reach: str | None
    asked_at: datetime
    closed_on: date | None


async def ask(
    session: AsyncSession, encryption: Encryption, respondent: Respondent, wave: int, reach: str
) -> bool:
    """They would like to be contacted. Asked again while they wait, the newer words count and
    their place in the list stays. Whether they did not wait before. Raises WaveNotFoundError."""
    await answering.state(session, respondent, wave)
    words = text.clean_line(reach, limit=REACH_LIMIT, pointer="/reach")
    values = {
        "id": random_id(),
        "study": respondent.study_id,
        "participant": respondent.participant_id,
        "wave": wave,
        "reach": encryption.close(words, purpose=PURPOSE),
        "now": clock.now(),
    }
    (row,) = await db.fetch_within(session, _ASK, values)
    return bool(row["is_new"])


async def tell_team(
    session: AsyncSession, encryption: Encryption, *, origin: str, team: Sequence[str]
) -> None:
    """Write to these addresses of the team that somebody waits: neither who nor in which study,
    for e-mails are read on locked screens."""
    if not team:
        logger.error("somebody in a study asked for contact, and there is nobody to write to")
    for address in team:
        await mail.queue(
            session,
            encryption,
            to=address,
            subject=SUBJECT,
            text=_LETTER.format(origin=origin),
        )


async def waiting(pool: db.Pool, encryption: Encryption, study_id: UUID) -> list[ContactWanted]:
    """Who waits, the longest first."""
    rows = await db.fetch(pool, _WAITING, (study_id,))
    return [ContactWanted(**row | {"reach": _opened(encryption, row["reach"])}) for row in rows]


def _opened(encryption: Encryption, box: bytes | None) -> str | None:
    return None if box is None else encryption.open(box, purpose=PURPOSE)


async def answer(session: AsyncSession, study_id: UUID, id_: UUID, *, by: UUID) -> None:
    """Somebody of the team has been in touch, or has read that nobody can be; raises
    ContactNotFoundError."""
    connection = await db.driver(session)
    values = {"id": id_, "study": study_id, "by": by, "now": clock.now()}
    if (await connection.execute(_ANSWER, values)).rowcount == 0:
        raise ContactNotFoundError


async def reseal(session: AsyncSession, encryption: Encryption) -> int:
    """A batch of what is sealed under a former key, under the present one; how many there were."""
    key = encryption.key_id
    rows = await db.fetch_within(session, _OLD_KEY, {"width": len(key), "key_id": key})
    connection = await db.driver(session)
    for row in rows:
        box = encryption.close(encryption.open(row["reach"], purpose=PURPOSE), purpose=PURPOSE)
        await connection.execute(
            "UPDATE research.contact_requests SET reach = %s WHERE id = %s", (box, row["id"])
        )
    return len(rows)
