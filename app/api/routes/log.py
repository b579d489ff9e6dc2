"""The moderation log: what moderators did, and whether it stands as it was written."""

from typing import Any
from uuid import UUID

from fastapi import Response

from app.api.deps import AppSettings, LogReader, ReadPool, WriteSession
from app.api.problems import problems
from app.api.resource import resource
from app.api.routes.wall import Cursor
from app.api.schemas.log import LogChecks, LogLine, LogPeople
from app.api.schemas.strict import Day
from app.core.errors import ForbiddenError
from app.core.pages import Page
from app.moderation import log, log_checks
from app.moderation.log_models import LogAct

router = resource("log", responses=problems(ForbiddenError))


@router.get("/moderation/log", response_model=Page[LogLine])
async def list_log(
    moderator: LogReader,
    pool: ReadPool,
    settings: AppSettings,
    cursor: Cursor = None,
    case_id: UUID | None = None,
    actor_id: UUID | None = None,
    act: LogAct | None = None,
    since: Day | None = None,
    until: Day | None = None,
) -> Response:
    """What moderators did, newest first; nothing about posts of one's own. Of one case, by one
    person, of one act, from one day until the end of another on the team's clock, when asked."""
    only = log.LogFilter(
        case_id=case_id,
        actor_id=actor_id,
        act=act,
        **log.span(since, until, zone=settings.care.time_zone),
    )
    page = await log.list_(pool, moderator, cursor=cursor, only=only)
    return Response(page, media_type="application/json")


@router.get("/moderation/log/people", response_model=LogPeople)
async def list_log_people(moderator: LogReader, pool: ReadPool) -> dict[str, Any]:
    """Everyone whose name stands in the log, to choose from."""
    return {"items": await log.people(pool)}


@router.get("/moderation/log/check", response_model=LogChecks)
async def read_log_check(moderator: LogReader, pool: ReadPool) -> dict[str, Any]:
    """What the last check of the log found; names the first line that was changed, dropped or put
    in."""
    return await log_checks.read(pool)


@router.post("/moderation/log/check", status_code=202)
async def check_log(moderator: LogReader, session: WriteSession) -> None:
    """Ask for a check now. The worker makes it; what it finds is read in the same place."""
    await log_checks.ask(session)
