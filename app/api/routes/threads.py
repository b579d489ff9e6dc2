"""A post with its replies."""

from uuid import UUID

from fastapi import Response

from app.api.deps import Member, ReadPool
from app.api.problems import problems
from app.api.resource import OF_THE_COMMUNITY, resource
from app.api.responses import SharedReading
from app.api.routes.wall import Cursor
from app.api.schemas.posts import Thread, ThreadReadMarker
from app.community import queries, read_markers
from app.community.errors import PostNotFoundError
from app.core.pages import BadCursorError

router = resource("wall", prefix="/threads", responses=OF_THE_COMMUNITY)


@router.get(
    "/{thread_id}", response_model=Thread, responses=problems(PostNotFoundError, BadCursorError)
)
async def read_thread(
    thread_id: UUID, actor: Member, pool: ReadPool, cursor: Cursor = None
) -> Response:
    """A post and a page of its replies, the oldest first."""
    return SharedReading(await queries.thread(pool, actor, thread_id, cursor=cursor))


@router.put("/{thread_id}/read-marker", status_code=204, responses=problems(PostNotFoundError))
async def mark_thread_read(
    thread_id: UUID, body: ThreadReadMarker, actor: Member, pool: ReadPool
) -> None:
    """Say up to which of its posts the thread was on screen."""
    await read_markers.mark_thread(pool, actor, thread_id=thread_id, post_id=body.post_id)
