"""The wall, and search over it."""

from typing import Annotated

from fastapi import Query, Response

from app.api.deps import Member, ReadPool
from app.api.problems import problems
from app.api.resource import OF_THE_COMMUNITY, resource
from app.api.responses import SharedReading
from app.api.schemas.posts import Found, Wall, WallReadMarker
from app.api.schemas.strict import Flag
from app.community import read_markers, wall
from app.community import search as searching
from app.community.choices import Intent
from app.core.events import BadPositionError, Position
from app.core.pages import BadCursorError

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
    """A page of the wall, the newest first. With `unanswered`, first the posts of the last two
    weeks that nobody but their author has replied to, whoever has waited longest on top; then the
    rest, the newest first."""
    return SharedReading(
        await wall.read(pool, actor, cursor=cursor, intent=intent, unanswered=unanswered)
    )


@router.put("/wall/read-marker", status_code=204, responses=problems(BadPositionError))
async def mark_wall_read(body: WallReadMarker, actor: Member, pool: ReadPool) -> None:
    """Say that the wall was on screen as it was at this position."""
    await read_markers.mark_wall(pool, actor, Position.parse(body.position))


@router.get("/search", response_model=Found, responses=problems(BadCursorError))
async def search(
    actor: Member,
    pool: ReadPool,
    q: Annotated[str, Query(max_length=1000)],
    cursor: Cursor = None,
) -> Response:
    """Posts and replies with these words in their text or content note, the newest first, with
    what was found marked; on the first page also members of that name. Quotes and minus work as
    usual."""
    return SharedReading(await searching.read(pool, actor, q, cursor=cursor))
