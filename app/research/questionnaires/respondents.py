"""Who answers: a member by their link, somebody without an account by the code of their card, or a
participant by their pseudonym when someone of the team asks or types for them."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import db
from app.identity import pseudonyms
from app.research.errors import NotTakingPartError
from app.research.questionnaire_models import ResponseMode

# Shared: an act of consent waits for what is being saved, and what is saved after it is held to it.
_LOCK = """
    SELECT 1 FROM research.participants
    WHERE study_id = %s AND id = %s AND state <> 'erased' FOR SHARE
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
    found = await pseudonyms.find(session, study_id=study_id, member_id=member_id)
    return await _locked(session, Respondent(study_id, found or ""))


async def of_code(session: AsyncSession, study_id: UUID, code: str) -> Respondent:
    """Whoever has this card, likewise."""
    found = await pseudonyms.find_by_code(session, study_id=study_id, code=code)
    return await _locked(session, Respondent(study_id, found or ""))


async def assisted(
    session: AsyncSession, study_id: UUID, participant_id: str, by: UUID
) -> Respondent:
    """A participant whom someone of the team helps, likewise."""
    respondent = Respondent(study_id, participant_id, ResponseMode.ASSISTED, by)
    return await _locked(session, respondent)


async def _locked(session: AsyncSession, respondent: Respondent) -> Respondent:
    connection = await db.driver(session)
    values = (respondent.study_id, respondent.participant_id)
    if await (await connection.execute(_LOCK, values)).fetchone() is None:
        raise NotTakingPartError
    return respondent
