"""The moderators' room: the queue, claims and decisions."""

from typing import Any
from uuid import UUID

from fastapi import Response

from app.api.client_info import AppLetterbox
from app.api.deps import (
    Decider,
    Moderator,
    ReadPool,
    ReadSession,
    WriteSession,
)
from app.api.problems import problems
from app.api.resource import resource
from app.api.routes.wall import Cursor
from app.api.schemas.cases import (
    Case,
    CaseBatchDetail,
    CaseCreate,
    CaseDetail,
    CasePage,
    CasesWaiting,
    CaseText,
)
from app.api.schemas.decisions import (
    BatchDecision,
    BatchDecisionCreate,
    CaseStep,
    Decision,
    DecisionCreate,
    ReasonTemplates,
    StepCreate,
)
from app.community.errors import PostNotFoundError
from app.community.post_view import as_bytes
from app.core.errors import ForbiddenError
from app.core.pages import BadCursorError, Page
from app.moderation import (
    batches,
    case_detail,
    case_texts,
    cases,
    decisions,
    messages,
    queue,
    steps,
    templates,
)
from app.moderation.batches import Read
from app.moderation.decisions import AppealAnswer
from app.moderation.errors import (
    ActNotOpenError,
    AlreadyDecidedError,
    CannotReachError,
    CaseChangedError,
    CaseClaimedError,
    CaseConflictError,
    CaseNotFoundError,
    FlagOwnPostError,
    FlagTakenBackError,
    LeaseLostError,
    NoLeadError,
    TextChangedError,
)
from app.moderation.queue import State
from app.moderation.sanctions import Wanted

router = resource("moderation", responses=problems(ForbiddenError))

_JSON = "application/json"
_OPEN = problems(PostNotFoundError, FlagOwnPostError, FlagTakenBackError)
_ACCESS = problems(CaseNotFoundError, CaseConflictError)
_CLAIM = problems(CaseNotFoundError, CaseConflictError, AlreadyDecidedError, CaseClaimedError)
_EXTEND = problems(CaseNotFoundError, CaseConflictError, AlreadyDecidedError, LeaseLostError)
_BATCH = problems(CaseNotFoundError, CaseConflictError, AlreadyDecidedError, CaseChangedError)
_AS_READ = (
    CaseNotFoundError,
    CaseConflictError,
    AlreadyDecidedError,
    CaseClaimedError,
    LeaseLostError,
    CaseChangedError,
    TextChangedError,
)
_DECIDE = problems(*_AS_READ, ActNotOpenError)
_REACH_OUT = problems(*_AS_READ, CannotReachError)
_HAND_OVER = problems(*_AS_READ, NoLeadError)


@router.get("/cases", response_model=CasePage)
async def list_cases(
    moderator: Moderator, pool: ReadPool, state: State = "open", cursor: Cursor = None
) -> Response:
    """The queue: worried first, then by how many different people, then the oldest. What one
    member alone has flagged many times is one row, a batch. `mine` are those you hold, `decided`
    the newest decisions first, `lead` those that the safeguarding lead was asked to look at."""
    page = await queue.list_(pool, moderator, state=state, cursor=cursor)
    return Response(page, media_type=_JSON)


@router.get("/cases/waiting", response_model=CasesWaiting)
async def count_waiting_cases(moderator: Moderator, pool: ReadPool) -> dict[str, int]:
    """How many cases wait, and how many people stand behind them."""
    return await queue.waiting(pool, moderator)


@router.post("/cases", response_model=Case, status_code=201, responses=_OPEN)
async def open_case(body: CaseCreate, moderator: Decider, session: WriteSession) -> dict[str, Any]:
    """Open a case about a post or reply that nobody has flagged, to act on it; the open one, if
    there is one already."""
    case_id = await cases.open_by(session, moderator, body.post_id)
    return await queue.one(session, moderator, case_id)


@router.get("/cases/{case_id}", response_model=CaseDetail, responses=_ACCESS)
async def read_case(case_id: UUID, moderator: Moderator, session: WriteSession) -> Response:
    """The text in its thread, as it was when flagged and as it is now, who flagged it, and what
    you can decide. Every opening is a line in the log."""
    detail = await case_detail.read(session, moderator, case_id)
    return Response(as_bytes(detail), media_type=_JSON)


@router.get(
    "/cases/{case_id}/texts",
    response_model=Page[CaseText],
    responses=problems(CaseNotFoundError, CaseConflictError, BadCursorError),
)
async def list_case_texts(
    case_id: UUID, moderator: Moderator, session: WriteSession, cursor: Cursor = None
) -> dict[str, Any]:
    """A page of all that the post of a case has said, the latest first. Each is a look at the case
    that the log tells of."""
    return await case_texts.list_(session, moderator, case_id, cursor=cursor)


@router.post("/cases/{case_id}/claim", response_model=Case, responses=_CLAIM)
async def claim_case(case_id: UUID, moderator: Decider, session: WriteSession) -> dict[str, Any]:
    """Take a case for fifteen minutes, so that nobody else decides it meanwhile. The time runs
    out by itself."""
    await cases.claim(session, moderator, case_id)
    return await queue.one(session, moderator, case_id)


@router.put("/cases/{case_id}/claim", response_model=Case, responses=_EXTEND)
async def extend_claim(case_id: UUID, moderator: Decider, session: WriteSession) -> dict[str, Any]:
    """Keep a case you still hold for fifteen minutes from now."""
    await cases.extend(session, moderator, case_id)
    return await queue.one(session, moderator, case_id)


@router.delete("/cases/{case_id}/claim", status_code=204, responses=_ACCESS)
async def release_claim(case_id: UUID, moderator: Decider, session: WriteSession) -> None:
    """Give a case back to the queue."""
    await cases.release(session, moderator, case_id)


@router.post(
    "/cases/{case_id}/decision", response_model=Decision, status_code=201, responses=_DECIDE
)
async def decide_case(
    case_id: UUID, body: DecisionCreate, moderator: Decider, session: WriteSession
) -> dict[str, Any]:
    """Decide a case you hold. The post, the notice to its author, the answer to everyone who
    flagged it and the log line happen together or not at all."""
    decision = await decisions.decide(
        session,
        moderator,
        case_id,
        act=body.act,
        reason=body.reason,
        note_about=body.note_about,
        version=body.version,
        revision=body.revision,
        sanction=Wanted(body.sanction.kind, body.sanction.days) if body.sanction else None,
        answer=AppealAnswer(body.answer.kind, body.answer.days) if body.answer else None,
    )
    return await case_detail.decision(session, decision.id)


@router.post(
    "/cases/{case_id}/reach-out", response_model=CaseStep, status_code=201, responses=_REACH_OUT
)
async def reach_out(
    case_id: UUID, body: StepCreate, moderator: Decider, session: WriteSession
) -> dict[str, Any]:
    """Write to the author of a case you hold, with where help is. They read that they are not in
    trouble, and nothing of who flagged. The case stays open."""
    step = await steps.reach_out(
        session,
        moderator,
        case_id,
        said=body.words,
        version=body.version,
        revision=body.revision,
    )
    return await case_detail.step(session, step.id)


@router.post(
    "/cases/{case_id}/hand-over", response_model=CaseStep, status_code=201, responses=_HAND_OVER
)
async def hand_over(
    case_id: UUID,
    body: StepCreate,
    moderator: Decider,
    session: WriteSession,
    letterbox: AppLetterbox,
) -> dict[str, Any]:
    """Ask the safeguarding lead to look at a case you hold, and give it over. They are told at
    once, here and by e-mail."""
    step = await steps.hand_over(
        session,
        moderator,
        case_id,
        letterbox,
        said=body.words,
        version=body.version,
        revision=body.revision,
    )
    return await case_detail.step(session, step.id)


@router.get("/cases/{case_id}/batch", response_model=CaseBatchDetail, responses=_ACCESS)
async def read_batch(case_id: UUID, moderator: Moderator, session: ReadSession) -> dict[str, Any]:
    """The cases that one member alone has flagged, this among them."""
    return await batches.read(session, moderator, case_id)


@router.post("/cases/{case_id}/batch/decision", responses=_BATCH)
async def decide_batch(
    case_id: UUID, body: BatchDecisionCreate, moderator: Decider, session: WriteSession
) -> BatchDecision:
    """Change nothing about all of these, in one act. Those that are no longer as they were read
    stay open; who flagged them is answered once."""
    read = [Read(one.case_id, one.version, one.revision) for one in body.cases]
    decided = await batches.leave(session, moderator, case_id, reason=body.reason, read=read)
    return BatchDecision(decided=decided, left=len(read) - decided)


@router.get("/moderation/reasons", response_model=ReasonTemplates)
async def list_reasons(moderator: Moderator) -> dict[str, Any]:
    """Kind words to start a reason from, by what is decided, and who will read them; and words to
    start from when writing to an author or to the safeguarding lead."""
    return {
        "items": templates.reasons(),
        "steps": templates.steps(),
        "reach_out": {"begins": messages.REACH_OUT_BEGINS, "ends": messages.REACH_OUT_ENDS},
    }
