"""Questionnaires: what a member is asked, and their answers."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Response

from app.api.deps import AppEncryption, AppSettings, Confirmed, ReadPool, WithinOwn, WriteSession
from app.api.problems import problems
from app.api.resource import resource
from app.api.responses import shown
from app.api.schemas.invitations import ContactWrite
from app.api.schemas.questionnaires import AnswersWrite, WaveDetail, WaveRead, Waves
from app.identity import staff
from app.identity.actors import Actor
from app.identity.permissions import Permission
from app.research.errors.instruments import InstrumentLockedError, InstrumentNotFoundError
from app.research.errors.participation import NotTakingPartError
from app.research.questionnaires import answering, contact, limits, own, respondents
from app.research.questionnaires.errors import (
    AnswerNotPossibleError,
    NotAgreedError,
    QuestionNotAskedError,
    ResponseDoneError,
    WaveNotFoundError,
    WaveNotOpenError,
)

router = resource("questionnaires", prefix="/questionnaires")

Answerer = Annotated[Actor, Depends(WithinOwn(limits.ANSWERS))]
Wave = Annotated[int, Path(ge=1, le=12)]

_OF_WAVE = problems(
    NotTakingPartError, WaveNotFoundError, WaveNotOpenError, NotAgreedError, ResponseDoneError
)


@router.get("", response_model=Waves)
async def list_questionnaires(actor: Confirmed, pool: ReadPool) -> Response:
    """What I am asked in all my studies: what is open, what comes, what is done."""
    found = await own.waves_of_member(pool, actor.member_id)
    return shown(Waves(items=[WaveRead.of(one) for one in found]))


@router.get("/{study_id}/{wave}", response_model=WaveDetail, responses=problems(WaveNotFoundError))
async def read_wave(study_id: UUID, wave: Wave, actor: Confirmed, pool: ReadPool) -> Response:
    """The questions of a wave with what I answered so far, on any device."""
    waves = await own.waves_of_member(pool, actor.member_id)
    return shown(WaveDetail.whole(await own.asked(pool, waves, study_id, wave)))


@router.put("/{study_id}/{wave}/opening", status_code=204, responses=_OF_WAVE)
async def open_wave(study_id: UUID, wave: Wave, actor: Answerer, session: WriteSession) -> None:
    """I have begun to look at the questions. Again changes nothing."""
    respondent = await respondents.of_member(session, study_id, actor.member_id)
    await answering.open_(session, respondent, wave)


@router.put(
    "/{study_id}/{wave}/answers",
    status_code=204,
    responses=_OF_WAVE
    | problems(
        AnswerNotPossibleError,
        QuestionNotAskedError,
        InstrumentNotFoundError,
        InstrumentLockedError,
    ),
)
async def save_answers(
    study_id: UUID,
    wave: Wave,
    body: AnswersWrite,
    actor: Answerer,
    session: WriteSession,
    pool: ReadPool,
) -> None:
    """Keep what I answered. Sent twice it is kept once; of two the later counts."""
    respondent = await respondents.of_member(session, study_id, actor.member_id)
    parts = [one.part() for one in body.parts]
    await answering.save(session, pool, respondent, wave, parts)


@router.put("/{study_id}/{wave}/completion", status_code=204, responses=_OF_WAVE)
async def finish_wave(study_id: UUID, wave: Wave, actor: Answerer, session: WriteSession) -> None:
    """Hand everything in; then it stays as it is. Again changes nothing."""
    respondent = await respondents.of_member(session, study_id, actor.member_id)
    await answering.finish(session, respondent, wave)


@router.put("/{study_id}/{wave}/refusal", status_code=204, responses=_OF_WAVE)
async def decline_wave(study_id: UUID, wave: Wave, actor: Answerer, session: WriteSession) -> None:
    """Not this time: nothing reminds me of it any more. I can still answer while it is open."""
    respondent = await respondents.of_member(session, study_id, actor.member_id)
    await answering.decline(session, respondent, wave)


@router.post(
    "/{study_id}/{wave}/contact-request",
    status_code=204,
    responses=problems(NotTakingPartError, WaveNotFoundError),
)
async def ask_contact(
    study_id: UUID,
    wave: Wave,
    body: ContactWrite,
    actor: Answerer,
    session: WriteSession,
    encryption: AppEncryption,
    settings: AppSettings,
) -> None:
    """I would like the study team to get in touch. Nobody else reads it."""
    respondent = await respondents.of_member(session, study_id, actor.member_id)
    if await contact.ask(session, encryption, respondent, wave, body.reach):
        may = Permission.RESEARCH_CONTACT_ANSWER
        team = await staff.addresses_with(session, encryption, may)
        await contact.tell_team(session, encryption, origin=settings.server.origin, team=team)
