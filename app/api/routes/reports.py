"""Flags: telling us about a post, seeing what became of it; and appeals."""

from uuid import UUID

from fastapi import Response

from app.api.deps import AppSettings, Member, ReadPool, WriteSession
from app.api.problems import problems
from app.api.resource import OF_THE_COMMUNITY, resource
from app.api.routes.wall import Cursor
from app.api.schemas.reports import (
    AppealCreate,
    AppealReceipt,
    MyReport,
    ReportCreate,
    ReportReceipt,
)
from app.community.errors import PostNotFoundError
from app.core.pages import Page
from app.moderation import appeals, hours, messages, my_reports, reports
from app.moderation.errors import (
    AppealedAlreadyError,
    FlagOwnPostError,
    FlagTakenBackError,
    NothingToAppealError,
)
from app.moderation.reports import NewFlag

router = resource("moderation", responses=OF_THE_COMMUNITY)


@router.post(
    "/reports",
    status_code=201,
    responses=problems(PostNotFoundError, FlagOwnPostError, FlagTakenBackError),
)
async def file_report(
    body: ReportCreate,
    member: Member,
    pool: ReadPool,
    session: WriteSession,
    settings: AppSettings,
) -> ReportReceipt:
    """Flag a post or reply: it breaks the rules, or you're worried about the person. Flagging it
    again gives the same answer; a worry or more detail is added to what you said before."""
    is_worried = body.kind == "worried"
    await reports.spend(pool, member, is_worried=is_worried)
    flag = NewFlag(
        is_worried=is_worried, reason=body.reason, detail=body.detail, revision=body.revision
    )
    report_id = await reports.file(session, member, post_id=body.post_id, flag=flag)
    team = await hours.read_within(session, settings.care.time_zone)
    message = messages.thanks(is_worried=is_worried, standing=team.standing(), zone=team.zone)
    return ReportReceipt(id=report_id, message=message)


@router.get("/me/reports", response_model=Page[MyReport])
async def list_my_reports(member: Member, pool: ReadPool, cursor: Cursor = None) -> Response:
    """What you flagged, newest first, and what became of it."""
    return Response(
        await my_reports.list_(pool, member, cursor=cursor), media_type="application/json"
    )


@router.post(
    "/posts/{post_id}/appeal",
    status_code=201,
    responses=problems(PostNotFoundError, NothingToAppealError, AppealedAlreadyError),
)
async def appeal(
    post_id: UUID, body: AppealCreate, member: Member, session: WriteSession
) -> AppealReceipt:
    """Ask another moderator to look again at your own post that was folded or hidden. Once a
    decision; whoever decided before stays out of it."""
    asked = await appeals.ask(session, member, post_id=post_id, words=body.words)
    has_others = await appeals.has_others(session, asked)
    said = messages.THANKS_AGAIN if has_others else messages.THANKS_AGAIN_ALONE
    return AppealReceipt(id=asked.id, message=said)
