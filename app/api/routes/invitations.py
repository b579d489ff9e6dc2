"""Invitations to questionnaires: when they come, how they stop; and contact that is asked for."""

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import Depends, Path, Response
from fastapi.responses import RedirectResponse

from app.api.client_info import Network
from app.api.deps import (
    AppEncryption,
    Confirmed,
    Needs,
    ReadPool,
    ReadSession,
    WithinOwn,
    WriteSession,
)
from app.api.problems import problems
from app.api.resource import resource
from app.api.responses import shown
from app.api.schemas.invitations import (
    ContactRequests,
    ContactWantedRead,
    InvitationChoices,
    InvitationChoicesWrite,
    StopInvitations,
)
from app.core import limits
from app.identity.actors import Actor
from app.identity.permissions import Permission
from app.research import studies
from app.research.errors.participation import NotTakingPartError
from app.research.errors.studies import StudyNotFoundError
from app.research.questionnaires import contact, invitation_choices, respondents
from app.research.questionnaires.errors import ContactNotFoundError, StopLinkError
from app.research.questionnaires.limits import ANSWERS

router = resource("invitations")

HOUR = 3600
STOPS_PER_NETWORK = 60

Answerer = Annotated[Actor, Depends(WithinOwn(ANSWERS))]
ContactAnswerer = Annotated[Actor, Depends(Needs(Permission.RESEARCH_CONTACT_ANSWER))]
#: Of the link in an e-mail: a sealed box.
Token = Annotated[str, Path(max_length=400)]


@router.get(
    "/studies/{study_id}/invitation-choices",
    response_model=InvitationChoices,
    responses=problems(NotTakingPartError),
)
async def read_invitation_choices(study_id: UUID, actor: Confirmed, pool: ReadPool) -> Response:
    """When and how I am invited to this study's questions."""
    found = await invitation_choices.of_member(pool, study_id, actor.member_id)
    return shown(InvitationChoices.of(found))


@router.put(
    "/studies/{study_id}/invitation-choices",
    status_code=204,
    responses=problems(NotTakingPartError),
)
async def choose_invitations(
    study_id: UUID, body: InvitationChoicesWrite, actor: Answerer, session: WriteSession
) -> None:
    """Choose the part of the day, whether e-mails come, or none at all."""
    respondent = await respondents.of_member(session, study_id, actor.member_id)
    await invitation_choices.choose(session, respondent, body.choices())


@router.post("/invitation-stops", status_code=204, responses=problems(StopLinkError))
async def stop_invitations(
    body: StopInvitations,
    session: WriteSession,
    pool: ReadPool,
    encryption: AppEncryption,
    network: Network,
) -> None:
    """No more invitations, by the link of one; no sign-in is needed."""
    await limits.spend(pool, f"stop:{network}", limit=STOPS_PER_NETWORK, per_seconds=HOUR)
    await invitation_choices.stop(session, encryption, body.token)


@router.get("/invitation-stops/{token}", include_in_schema=False)
async def see_stop_of_invitations(token: Token) -> RedirectResponse:
    """The page that stops them, for a mail program that opens the address. It is no part of what
    programs use, and stops nothing itself: scanners of mail open every link."""
    return RedirectResponse(f"/stop-invitations#token={quote(token, safe='')}", status_code=303)


@router.post("/invitation-stops/{token}", status_code=204, responses=problems(StopLinkError))
async def stop_invitations_from_mail(
    token: Token,
    session: WriteSession,
    pool: ReadPool,
    encryption: AppEncryption,
    network: Network,
) -> None:
    """The same from a mail program (RFC 8058), whose form says `List-Unsubscribe=One-Click`."""
    await limits.spend(pool, f"stop:{network}", limit=STOPS_PER_NETWORK, per_seconds=HOUR)
    await invitation_choices.stop(session, encryption, token)


@router.get(
    "/studies/{study_id}/contact-requests",
    response_model=ContactRequests,
    responses=problems(StudyNotFoundError),
)
async def list_contact_requests(
    study_id: UUID,
    _: ContactAnswerer,
    session: ReadSession,
    pool: ReadPool,
    encryption: AppEncryption,
) -> Response:
    """Who waits for the team to get in touch, the longest first."""
    await studies.access(session, study_id, is_researcher=True)
    found = await contact.waiting(pool, encryption, study_id)
    return shown(ContactRequests(items=[ContactWantedRead.of(one) for one in found]))


@router.put(
    "/studies/{study_id}/contact-requests/{request_id}/answer",
    status_code=204,
    responses=problems(StudyNotFoundError, ContactNotFoundError),
)
async def answer_contact_request(
    study_id: UUID, request_id: UUID, actor: ContactAnswerer, session: WriteSession
) -> None:
    """Somebody of the team has been in touch, or has read that nobody can be; how to reach the
    person is forgotten."""
    await studies.access(session, study_id, is_researcher=True)
    await contact.answer(session, study_id, request_id, by=actor.account_id)
