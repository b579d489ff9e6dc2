"""The wall, and search over it."""

from typing import Annotated

from fastapi import Query, Response

from app.api.answers import ready
from app.api.deps import Member, ReadPool
from app.api.problems import problems
from app.api.resource import OF_THE_COMMUNITY, resource
from app.api.schemas.posts import Post, Wall, WallSeen
from app.api.schemas.strict import Flag
from app.community import queries, seen
from app.community.words import Intent
from app.core.events import BadPositionError, Position
from app.core.pages import BadCursorError, Page

router = resource("wall", responses=OF_THE_COMMUNITY)

Cursor = Annotated[str | None, Query(max_length=300)]


@router.get("/wall", response_model=Wall, responses=problems(BadCursorError))
async def read_wall(
    actor: Member,
    pool: ReadPool,
    cursor: Cursor = None,
    intent: Intent | None = None,
    unanswered: Flag = False,
) -> Response:
    """A page of the wall, the newest first; with `unanswered`, what nobody answered yet first."""
    return ready(
        await queries.wall(pool, actor, cursor=cursor, intent=intent, unanswered=unanswered)
    )


@router.put("/wall/seen", status_code=204, responses=problems(BadPositionError))
async def mark_wall_seen(body: WallSeen, actor: Member, pool: ReadPool) -> None:
    """Say that the wall was on screen as it was at this position."""
    await seen.mark_wall(pool, actor, Position.parse(body.position))


@router.get("/search", response_model=Page[Post], responses=problems(BadCursorError))
async def search(
    actor: Member,
    pool: ReadPool,
    q: Annotated[str, Query(max_length=1000)],
    cursor: Cursor = None,
) -> Response:
    """Posts and replies with these words, the newest first. Quotes and minus work as usual."""
    return ready(await queries.search(pool, actor, q, cursor=cursor))
