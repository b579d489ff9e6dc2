"""When and how somebody wants to be invited, and the one step that stops it."""

import base64
import binascii
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock, db
from app.core.encryption import Encryption, EncryptionError
from app.identity.pseudonyms import LINKS_OF_MEMBER
from app.research.errors.participation import NotTakingPartError
from app.research.questionnaire_models import PartOfDay
from app.research.questionnaires.errors import StopLinkError
from app.research.questionnaires.respondents import Respondent

PURPOSE: Final = "stop invitations"

_READ: Final = f"""
    SELECT c.part_of_day, coalesce(c.by_email, true) AS by_email,
      c.stopped_at IS NOT NULL AS is_stopped
    FROM ({LINKS_OF_MEMBER}) l
    LEFT JOIN research.invitation_choices c USING (study_id, participant_id)
    WHERE l.study_id = %(study)s
"""  # noqa: S608 - joins two constants
_KEEP: Final = """
    INSERT INTO research.invitation_choices
      (study_id, participant_id, part_of_day, by_email, stopped_at)
    VALUES (%(study)s, %(id)s, %(part)s, %(by_email)s, %(stopped_at)s)
    ON CONFLICT (study_id, participant_id) DO UPDATE
      SET part_of_day = excluded.part_of_day, by_email = excluded.by_email,
        stopped_at = CASE WHEN excluded.stopped_at IS NULL THEN NULL
          ELSE coalesce(invitation_choices.stopped_at, excluded.stopped_at) END
"""
# Whoever was erased since has nothing left to stop.
_STOP: Final = """
    INSERT INTO research.invitation_choices (study_id, participant_id, by_email, stopped_at)
    SELECT p.study_id, p.id, true, %(now)s FROM research.participants p
    WHERE p.study_id = %(study)s AND p.id = %(id)s AND p.state <> 'erased'
    ON CONFLICT (study_id, participant_id) DO UPDATE
      SET stopped_at = coalesce(invitation_choices.stopped_at, excluded.stopped_at)
"""


@dataclass(frozen=True, slots=True)
class Choices:
    """The part of the day, None for any; whether e-mails come too; whether all was stopped."""

    part_of_day: PartOfDay | None = None
    by_email: bool = True
    is_stopped: bool = False


async def of_member(pool: db.Pool, study_id: UUID, member_id: UUID) -> Choices:
    """What they chose, or what holds until they choose; raises NotTakingPartError."""
    rows = await db.fetch(pool, _READ, {"member_id": member_id, "study": study_id})
    if not rows:
        raise NotTakingPartError
    return Choices(**rows[0])


async def choose(session: AsyncSession, respondent: Respondent, choices: Choices) -> None:
    """Choose anew; stopping and starting again are choices like the others."""
    values = {
        "study": respondent.study_id,
        "id": respondent.participant_id,
        "part": choices.part_of_day,
        "by_email": choices.by_email,
        "stopped_at": clock.now() if choices.is_stopped else None,
    }
    connection = await db.driver(session)
    await connection.execute(_KEEP, values)


def stop_token(encryption: Encryption, study_id: UUID, participant_id: str) -> str:
    """What the link of an invitation holds: it stops them without a sign-in, and does nothing else,
    so it never runs out."""
    box = encryption.close(f"{study_id} {participant_id}", purpose=PURPOSE)
    return base64.urlsafe_b64encode(box).decode().rstrip("=")


async def stop(session: AsyncSession, encryption: Encryption, token: str) -> None:
    """No more invitations to whom the token names. Again changes nothing. Raises StopLinkError."""
    try:
        box = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        study_id, participant_id = encryption.open(box, purpose=PURPOSE).split(" ")
    except (binascii.Error, ValueError, EncryptionError) as error:
        raise StopLinkError from error
    connection = await db.driver(session)
    values = {"study": UUID(study_id), "id": participant_id, "now": clock.now()}
    await connection.execute(_STOP, values)
