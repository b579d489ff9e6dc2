"""Questionnaires on paper: printed, typed by two people, confirmed by the second."""

from uuid import UUID

from fastapi import Response

from app.api.deps import ReadPool, WriteSession
from app.api.problems import problems
from app.api.resource import resource
from app.api.responses import shown
from app.api.routes.respondents import Helper, Pseudonym, Wave
from app.api.schemas.by_hand import (
    ConfirmationWrite,
    PaperFormRead,
    PaperStateRead,
    PaperWrite,
    WaitingPaperRead,
    WaitingPapers,
)
from app.research.errors.instruments import InstrumentLockedError, InstrumentNotFoundError
from app.research.errors.releases import SecondPersonError
from app.research.questionnaire_models import ResponseMode
from app.research.questionnaires import paper, paper_entries, paper_forms, respondents
from app.research.questionnaires.entry_errors import (
    BadDayError,
    BadPseudonymError,
    NotAgreedThenError,
    PaperTypedError,
    RespondentNotFoundError,
    UndecidedError,
)
from app.research.questionnaires.errors import (
    AnswerNotPossibleError,
    QuestionNotAskedError,
    ResponseDoneError,
    WaveNotFoundError,
)

router = resource("papers", prefix="/studies/{study_id}")

_OF_PAPER = problems(
    BadPseudonymError,
    RespondentNotFoundError,
    WaveNotFoundError,
    ResponseDoneError,
    BadDayError,
    NotAgreedThenError,
    PaperTypedError,
)
_OF_ANSWERS = problems(
    AnswerNotPossibleError,
    QuestionNotAskedError,
    InstrumentNotFoundError,
    InstrumentLockedError,
    SecondPersonError,
)
_PATH = "/respondents/{pseudonym}/{wave}/paper"


@router.get("/papers", response_model=WaitingPapers)
async def list_waiting_papers(study_id: UUID, helper: Helper, pool: ReadPool) -> Response:
    """Papers that were typed and are not confirmed yet, and what each waits for."""
    found = await paper_entries.waiting(pool, study_id, by=helper.account_id)
    items = [WaitingPaperRead.model_validate(one, from_attributes=True) for one in found]
    return shown(WaitingPapers(items=items))


@router.get(
    "/paper-forms/{wave}", response_model=PaperFormRead, responses=problems(WaveNotFoundError)
)
async def read_paper_form(study_id: UUID, wave: Wave, _: Helper, pool: ReadPool) -> Response:
    """What a wave asks, to be printed. What no licence lets us show is left out, and named."""
    return shown(PaperFormRead.of(await paper_forms.form(pool, study_id, wave)))


@router.get(
    _PATH,
    response_model=PaperStateRead,
    responses=problems(BadPseudonymError, RespondentNotFoundError),
)
async def read_paper(
    study_id: UUID, pseudonym: Pseudonym, wave: Wave, helper: Helper, pool: ReadPool
) -> Response:
    """What is to be done with a paper next. Whoever typed it second sees where the two differ."""
    participant = await respondents.require(pool, study_id, pseudonym)
    found = await paper_entries.state(pool, study_id, participant, wave, by=helper.account_id)
    return shown(PaperStateRead.of(found))


@router.post(_PATH, status_code=204, responses=_OF_PAPER | _OF_ANSWERS)
async def enter_paper(
    study_id: UUID,
    pseudonym: Pseudonym,
    wave: Wave,
    body: PaperWrite,
    helper: Helper,
    session: WriteSession,
    pool: ReadPool,
) -> None:
    """Keep what I read on the paper: as the first, or as the second person."""
    respondent = await respondents.by_hand(
        session, study_id, pseudonym, ResponseMode.PAPER, helper.account_id
    )
    parts = [one.part() for one in body.parts]
    await paper.enter(session, pool, respondent, wave, answered_on=body.answered_on, parts=parts)


@router.delete(_PATH, status_code=204, responses=_OF_PAPER)
async def discard_paper(
    study_id: UUID, pseudonym: Pseudonym, wave: Wave, helper: Helper, session: WriteSession
) -> None:
    """Forget what was typed of a paper that is not confirmed, by one of those who typed it."""
    respondent = await respondents.by_hand(
        session, study_id, pseudonym, ResponseMode.PAPER, helper.account_id
    )
    await paper.discard(session, respondent, wave)


@router.post(
    f"{_PATH}/confirmation",
    status_code=204,
    responses=_OF_PAPER | _OF_ANSWERS | problems(UndecidedError),
)
async def confirm_paper(
    study_id: UUID,
    pseudonym: Pseudonym,
    wave: Wave,
    body: ConfirmationWrite,
    helper: Helper,
    session: WriteSession,
    pool: ReadPool,
) -> None:
    """Hand the paper in as both entries say, and as I decided where they differ."""
    respondent = await respondents.by_hand(
        session, study_id, pseudonym, ResponseMode.PAPER, helper.account_id
    )
    await paper.confirm(
        session, pool, respondent, wave, answered_on=body.answered_on, decided=body.decided
    )
