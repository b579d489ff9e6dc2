"""Participants whom someone of the team helps through their questionnaires, by their pseudonym."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Response

from app.api.deps import Needs, ReadPool, WriteSession
from app.api.problems import problems
from app.api.resource import resource
from app.api.responses import shown
from app.api.schemas.by_hand import UnshownWave, UnshownWaveDetail, UnshownWaves
from app.api.schemas.questionnaires import AnswersWrite
from app.identity.actors import Actor
from app.identity.permissions import Permission
from app.research.errors.instruments import InstrumentLockedError, InstrumentNotFoundError
from app.research.questionnaire_models import ResponseMode
from app.research.questionnaires import answering, own, respondents
from app.research.questionnaires.entry_errors import BadPseudonymError, RespondentNotFoundError
from app.research.questionnaires.errors import (
    AnswerNotPossibleError,
    NotAgreedError,
    QuestionNotAskedError,
    ResponseDoneError,
    WaveNotFoundError,
    WaveNotOpenError,
)

router = resource("respondents", prefix="/studies/{study_id}/respondents/{pseudonym}")

Helper = Annotated[Actor, Depends(Needs(Permission.RESEARCH_RESPONSES_ENTER))]
#: As it was read aloud and typed.
Pseudonym = Annotated[str, Path(max_length=40)]
Wave = Annotated[int, Path(ge=1, le=12)]

_OF_RESPONDENT = problems(BadPseudonymError, RespondentNotFoundError, WaveNotFoundError)
_OF_WAVE = _OF_RESPONDENT | problems(WaveNotOpenError, NotAgreedError, ResponseDoneError)


@router.get("", response_model=UnshownWaves, responses=_OF_RESPONDENT)
async def list_respondent_waves(
    study_id: UUID, pseudonym: Pseudonym, _: Helper, pool: ReadPool
) -> Response:
    """The waves of a participant who agrees to questionnaires, and how each stands."""
    participant = await respondents.require(pool, study_id, pseudonym)
    waves = await own.waves_of_participant(pool, study_id, participant)
    items = [UnshownWave.of(one) for one in waves]
    return shown(UnshownWaves(pseudonym=participant, items=items))


@router.get("/{wave}", response_model=UnshownWaveDetail, responses=_OF_RESPONDENT)
async def read_respondent_wave(
    study_id: UUID, pseudonym: Pseudonym, wave: Wave, _: Helper, pool: ReadPool
) -> Response:
    """The questions of a wave, to be gone through together; no answer is shown."""
    participant = await respondents.require(pool, study_id, pseudonym)
    waves = await own.waves_of_participant(pool, study_id, participant)
    return shown(UnshownWaveDetail.whole(await own.asked(pool, waves, study_id, wave)))


@router.put(
    "/{wave}/answers",
    status_code=204,
    responses=_OF_WAVE
    | problems(
        AnswerNotPossibleError,
        QuestionNotAskedError,
        InstrumentNotFoundError,
        InstrumentLockedError,
    ),
)
async def save_respondent_answers(
    study_id: UUID,
    pseudonym: Pseudonym,
    wave: Wave,
    body: AnswersWrite,
    helper: Helper,
    session: WriteSession,
    pool: ReadPool,
) -> None:
    """Keep what they answered to me. From then on the response says that somebody helped."""
    respondent = await respondents.by_hand(
        session, study_id, pseudonym, ResponseMode.ASSISTED, helper.account_id
    )
    parts = [one.part() for one in body.parts]
    await answering.save(session, pool, respondent, wave, parts)


@router.put("/{wave}/completion", status_code=204, responses=_OF_WAVE)
async def finish_respondent_wave(
    study_id: UUID, pseudonym: Pseudonym, wave: Wave, helper: Helper, session: WriteSession
) -> None:
    """Hand everything in for them; then it stays as it is. Again changes nothing."""
    respondent = await respondents.by_hand(
        session, study_id, pseudonym, ResponseMode.ASSISTED, helper.account_id
    )
    await answering.finish(session, respondent, wave)
