"""Taking part with the code of a card, without an account. Nobody is signed in here: each request
brings the code in its body, and what was said before is never shown to it."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Path, Request
from sqlalchemy.ext.asyncio import AsyncSession

from app.api.client_info import Network
from app.api.deps import ReadPool, ReadSession, WriteSession
from app.api.problems import problems
from app.api.resource import resource
from app.api.schemas.by_hand import UnshownWaveDetail
from app.api.schemas.codes import (
    CodeAnswersWrite,
    CodeJoinWrite,
    CodeWithdrawalWrite,
    CodeWrite,
    StudiesOfCode,
    StudyOfCodeRead,
)
from app.api.schemas.studies import DemographicsWrite, Receipt
from app.core import limits
from app.core.limits import Settlement
from app.programme import participation_codes
from app.programme.errors import BadCodeError
from app.research import code_participation, studies
from app.research.errors.instruments import InstrumentLockedError, InstrumentNotFoundError
from app.research.errors.participation import (
    JoiningTwiceError,
    NothingChosenError,
    NotTakingPartError,
    PurposeNotAskedError,
)
from app.research.errors.studies import SheetChangedError, StudyClosedError, StudyNotFoundError
from app.research.questionnaires import answering, own, respondents
from app.research.questionnaires.errors import (
    AnswerNotPossibleError,
    NotAgreedError,
    QuestionNotAskedError,
    ResponseDoneError,
    WaveNotFoundError,
    WaveNotOpenError,
)
from app.research.questionnaires.limits import ANSWERS

router = resource("codes", prefix="/by-code")

#: Wrong codes from one network: there are 33 million, and some hundred cards.
WRONG_PER_NETWORK: Final = 20
WINDOW_SECONDS: Final = 15 * 60
_TOO_MANY: Final = "That was a lot of tries. Please wait a little, and look at the card again."


class CardReader:
    """Takes codes of one network: wrong ones are counted, right ones leave no trace there."""

    def __init__(self, request: Request, pool: ReadPool, network: Network) -> None:
        self._state = request.app.state
        self._pool = pool
        self._key = f"by-code:{network}"

    async def read(self, session: AsyncSession, typed: str) -> str:
        """The code of a card that was given; raises BadCodeError or TooManyError."""
        await limits.spend(
            self._pool,
            self._key,
            limit=WRONG_PER_NETWORK,
            per_seconds=WINDOW_SECONDS,
            detail=_TOO_MANY,
        )
        code = await participation_codes.read(session, typed, pointer="/code")
        await limits.settle(self._pool, Settlement(given_back=[self._key]))
        key = self._state.encryption.lookup(code).hex()
        await self._state.allowances.spend(self._pool, ANSWERS, key)
        return code


Cards = Annotated[CardReader, Depends(CardReader)]
Wave = Annotated[int, Path(ge=1, le=12)]

_OF_WAVE = problems(
    BadCodeError,
    NotTakingPartError,
    WaveNotFoundError,
    WaveNotOpenError,
    NotAgreedError,
    ResponseDoneError,
)


@router.post("/studies", responses=problems(BadCodeError))
async def list_studies_of_code(
    body: CodeWrite, cards: Cards, session: ReadSession, pool: ReadPool
) -> StudiesOfCode:
    """Studies that ask for questionnaires, and how this card stands in each."""
    code = await cards.read(session, body.code)
    found = await code_participation.studies(pool, code)
    return StudiesOfCode(items=[StudyOfCodeRead.of(one) for one in found])


@router.post(
    "/studies/{study_id}/participation",
    status_code=201,
    responses=problems(
        BadCodeError,
        StudyNotFoundError,
        SheetChangedError,
        StudyClosedError,
        JoiningTwiceError,
        NothingChosenError,
        PurposeNotAskedError,
    ),
)
async def join_study_by_code(
    study_id: UUID, body: CodeJoinWrite, cards: Cards, session: WriteSession
) -> Receipt:
    """Take part, or choose again. The first receipt alone has the pseudonym: keep it."""
    code = await cards.read(session, body.code)
    study = await studies.access(session, study_id, is_researcher=False, lock="join")
    receipt = await code_participation.join(
        session,
        study,
        code=code,
        sheet_version=body.sheet_version,
        choices=body.purposes.choices(),
        demographics=(body.demographics or DemographicsWrite()).answers(),
    )
    return Receipt.of(receipt)


@router.post("/studies/{study_id}/withdrawal", responses=problems(BadCodeError, StudyNotFoundError))
async def withdraw_by_code(
    study_id: UUID, body: CodeWithdrawalWrite, cards: Cards, session: WriteSession
) -> Receipt:
    """Stop, or stop and erase. Again changes nothing."""
    code = await cards.read(session, body.code)
    study = await studies.access(session, study_id, is_researcher=False)
    receipt = await code_participation.withdraw(session, study, code=code, erase=body.erase)
    return Receipt.of(receipt)


@router.post(
    "/studies/{study_id}/waves/{wave}", responses=problems(BadCodeError, WaveNotFoundError)
)
async def read_wave_by_code(
    study_id: UUID,
    wave: Wave,
    body: CodeWrite,
    cards: Cards,
    session: ReadSession,
    pool: ReadPool,
) -> UnshownWaveDetail:
    """The questions of a wave, and which questionnaires of it are done. No answer is shown."""
    code = await cards.read(session, body.code)
    waves = await code_participation.waves(pool, code, study_id)
    return UnshownWaveDetail.whole(await own.asked(pool, waves, study_id, wave))


@router.post(
    "/studies/{study_id}/waves/{wave}/answers",
    status_code=204,
    responses=_OF_WAVE
    | problems(
        AnswerNotPossibleError,
        QuestionNotAskedError,
        InstrumentNotFoundError,
        InstrumentLockedError,
    ),
)
async def save_answers_by_code(
    study_id: UUID,
    wave: Wave,
    body: CodeAnswersWrite,
    cards: Cards,
    session: WriteSession,
    pool: ReadPool,
) -> None:
    """Keep what was answered. Sent twice it is kept once; of two the later counts."""
    code = await cards.read(session, body.code)
    respondent = await respondents.of_code(session, study_id, code)
    await answering.save(session, pool, respondent, wave, [one.part() for one in body.parts])


@router.post("/studies/{study_id}/waves/{wave}/completion", status_code=204, responses=_OF_WAVE)
async def finish_wave_by_code(
    study_id: UUID, wave: Wave, body: CodeWrite, cards: Cards, session: WriteSession
) -> None:
    """Hand everything in; then it stays as it is. Again changes nothing."""
    code = await cards.read(session, body.code)
    respondent = await respondents.of_code(session, study_id, code)
    await answering.finish(session, respondent, wave)
