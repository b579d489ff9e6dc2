"""Who answers: a member by their link, somebody without an account by the code of their card, or a
participant by their pseudonym when someone of the team asks or types for them."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import db, written_codes
from app.core.db import Pool
from app.identity import pseudonyms
from app.identity.pseudonyms import LINKS_OF_MEMBER
from app.research.errors.participation import NotTakingPartError
from app.research.questionnaire_models import ResponseMode
from app.research.questionnaires.entry_errors import BadPseudonymError, RespondentNotFoundError

# Shared: an act of consent waits for what is being saved, and what is saved after it is held to it.
_LOCK = """
    SELECT 1 FROM research.participants
    WHERE study_id = %s AND id = %s AND state <> 'erased' FOR SHARE
"""
_LOCK_MEMBER = f"""
    SELECT p.id FROM ({LINKS_OF_MEMBER}) l
    JOIN research.participants p ON p.study_id = l.study_id AND p.id = l.participant_id
    WHERE p.study_id = %(study)s AND p.state <> 'erased' FOR SHARE OF p
"""  # noqa: S608 - joins two constants
_KNOWN = """
    SELECT 1 FROM research.participants WHERE study_id = %s AND id = %s AND state <> 'erased'
"""


@dataclass(frozen=True, slots=True)
class Respondent:
    """A participant in a study, and how their answers come in."""

    study_id: UUID
    participant_id: str
    mode: ResponseMode = ResponseMode.ALONE
    #: The account that asks or types for them.
    entered_by: UUID | None = None


async def of_member(session: AsyncSession, study_id: UUID, member_id: UUID) -> Respondent:
    """The member in this study, locked against acts of consent; raises NotTakingPartError."""
    connection = await db.driver(session)
    cursor = await connection.execute(_LOCK_MEMBER, {"study": study_id, "member_id": member_id})
    found = await cursor.fetchone()
    if found is None:
        raise NotTakingPartError
    return Respondent(study_id, found[0])


async def of_code(session: AsyncSession, study_id: UUID, code: str) -> Respondent:
    """Whoever has this card, likewise."""
    found = await pseudonyms.find_by_code(session, study_id=study_id, code=code)
    return await _locked(session, Respondent(study_id, found or ""))


async def by_hand(
    session: AsyncSession, study_id: UUID, pseudonym: str, mode: ResponseMode, by: UUID
) -> Respondent:
    """A participant whom someone of the team helps or types for, locked likewise; raises
    BadPseudonymError or RespondentNotFoundError."""
    try:
        return await _locked(session, Respondent(study_id, read(pseudonym), mode, by))
    except NotTakingPartError:
        raise RespondentNotFoundError from None


async def require(pool: Pool, study_id: UUID, pseudonym: str) -> str:
    """The pseudonym that was typed, of somebody in this study; raises as `by_hand` does."""
    participant_id = read(pseudonym)
    if not await db.fetch(pool, _KNOWN, (study_id, participant_id)):
        raise RespondentNotFoundError
    return participant_id


def read(typed: str) -> str:
    """A pseudonym as it was read aloud and typed; its check characters find most slips."""
    found = written_codes.read("P", typed)
    if found is None:
        raise BadPseudonymError
    return found


async def _locked(session: AsyncSession, respondent: Respondent) -> Respondent:
    connection = await db.driver(session)
    values = (respondent.study_id, respondent.participant_id)
    if await (await connection.execute(_LOCK, values)).fetchone() is None:
        raise NotTakingPartError
    return respondent
