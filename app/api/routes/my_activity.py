"""What I did, and what I should hear of."""

from typing import Annotated

from fastapi import Query, Response

from app.api.deps import Member, ReadPool
from app.api.problems import problems
from app.api.resource import OF_THE_COMMUNITY, resource
from app.api.responses import ready
from app.api.routes.wall import Cursor
from app.api.schemas.members import ActivityItem, Notification, NotificationsReadMarker
from app.community import my_activity, news, notifications
from app.community.my_activity import Part
from app.core.pages import BadCursorError, Page

router = resource("me", prefix="/me", responses=OF_THE_COMMUNITY)


@router.get("/activity", response_model=Page[ActivityItem], responses=problems(BadCursorError))
async def list_my_activity(
    actor: Member,
    pool: ReadPool,
    kind: Annotated[Part | None, Query()] = None,
    cursor: Cursor = None,
) -> Response:
    """What I wrote and reacted to, the newest first, also what I deleted since."""
    return ready(await my_activity.list_(pool, actor, part=kind, cursor=cursor))


@router.get("/notifications", response_model=Page[Notification], responses=problems(BadCursorError))
async def list_my_notifications(actor: Member, pool: ReadPool, cursor: Cursor = None) -> Response:
    """Replies, reactions, decisions and answers to my flags, the newest first. Replies to one post
    are one item, and so are reactions to it."""
    return ready(await news.list_(pool, actor, cursor=cursor))


@router.put("/notifications/read-marker", status_code=204)
async def mark_notifications_read(
    body: NotificationsReadMarker, actor: Member, pool: ReadPool
) -> None:
    """Say up to which notification I have seen them."""
    await notifications.mark_read(pool, actor, until=body.until)
