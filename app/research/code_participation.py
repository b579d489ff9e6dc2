"""Taking part with the code of a card, without an account: seeing studies, joining, stopping.

Hosts hand cards out and may have seen the code. So nothing that was said before is shown to it:
neither answers nor the pseudonym, which stands on the receipt of the act alone.
"""

from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import db
from app.identity import pseudonyms
from app.research import erasure, participation
from app.research.consent import Choices
from app.research.demographics import Demographics
from app.research.errors.participation import JoiningTwiceError, NothingChosenError
from app.research.models import Purpose, Study
from app.research.questionnaires import own
from app.research.questionnaires.own import OwnWave
from app.research.receipts import Receipt

#: What somebody can agree to who does nothing in the community: of activity, the meetings that they
#: come to. The rest needs an account.
PURPOSES: Final = (Purpose.ACTIVITY, Purpose.QUESTIONNAIRES, Purpose.CONTACT)

# Open ones that ask questions, and those that the code is in, which it can leave at any time.
_STUDIES: Final = """
    SELECT s.id, s.title, s.summary, s.state, h.version, h.body_html, h.published_at,
      p.id AS participant_id, p.state AS standing,
      ARRAY(SELECT purpose FROM research.study_purposes WHERE study_id = s.id) AS asks
    FROM research.studies s
    LEFT JOIN LATERAL (
      SELECT version, body_html, published_at FROM research.sheets
      WHERE study_id = s.id AND version = research.sheet_in_force(s.id)) h ON true
    LEFT JOIN identity.study_code_links l ON l.study_id = s.id AND l.code = %(code)s
    LEFT JOIN research.participants p ON p.id = l.participant_id
    WHERE p.id IS NOT NULL OR s.state = 'open' AND EXISTS (
      SELECT FROM research.study_purposes a
      WHERE a.study_id = s.id AND a.purpose = 'questionnaires')
    ORDER BY s.created_at DESC, s.id DESC
"""


@dataclass(frozen=True, slots=True)
class StudyOfCode:
    """A study as somebody with a card sees it."""

    #: Title, summary, state and the sheet in force.
    row: dict[str, Any]
    purposes: list[Purpose]
    #: `taking_part` or `stopped`; None for someone who never joined.
    standing: str | None
    waves: list[OwnWave]


async def studies(pool: db.Pool, code: str) -> list[StudyOfCode]:
    """What this card can take part in, or does."""
    found = []
    for row in await db.fetch(pool, _STUDIES, {"code": code}):
        participant_id, standing, asks = (
            row.pop(name) for name in ("participant_id", "standing", "asks")
        )
        waves = []
        if participant_id is not None:
            waves = await own.waves_of_participant(pool, row["id"], participant_id)
        purposes = [one for one in PURPOSES if one in asks]
        found.append(StudyOfCode(row, purposes, standing, waves))
    return found


async def waves(pool: db.Pool, code: str, study_id: UUID) -> list[OwnWave]:
    """The waves of one study that the card is in; none if it is not."""
    of_study = [one for one in await studies(pool, code) if one.row["id"] == study_id]
    return of_study[0].waves if of_study else []


async def join(
    session: AsyncSession,
    study: Study,
    *,
    code: str,
    sheet_version: int,
    choices: Choices,
    demographics: Demographics,
) -> Receipt:
    """Take part under a fresh random pseudonym; for a card that is in the study, choose anew.
    `study` must be locked to join."""
    if not any(choices.values()):
        raise NothingChosenError(pointer="/purposes")
    found = await pseudonyms.find_by_code(session, study_id=study.id, code=code)
    known = await participation.locked(session, found)
    if known is not None:
        receipt = await participation.record(
            session, study, known, sheet_version, choices, may_ask=PURPOSES
        )
        return replace(receipt, pseudonym=None)
    await participation.require_welcome(session, study, sheet_version)
    fresh = await participation.enrol(session, study, demographics, None)
    if not await pseudonyms.link_code(
        session, study_id=study.id, code=code, participant_id=fresh.id
    ):
        raise JoiningTwiceError
    return await participation.record(
        session, study, fresh, sheet_version, choices, may_ask=PURPOSES
    )


async def withdraw(session: AsyncSession, study: Study, *, code: str, erase: bool) -> Receipt:
    """Stop, or stop and erase. Doing it again changes nothing and says `already`."""
    found = await pseudonyms.find_by_code(session, study_id=study.id, code=code)
    if erase and found is not None:
        await erasure.stand_in_line_as(session, [study.id], [found])
    participant = await participation.locked(session, found)
    receipt = await participation.leave(session, study, participant, erase=erase)
    return replace(receipt, pseudonym=None)
