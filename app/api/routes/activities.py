"""What only the browser knows: reading, Help now, opened notes."""

from typing import Annotated

from fastapi import Depends, Response

from app.api import deps
from app.api.deps import ReadPool
from app.api.resource import OF_THE_COMMUNITY, resource
from app.api.schemas.activities import ReadAct, TellActivities
from app.identity.actors import Actor
from app.research import browser_acts
from app.research.browser_acts import Told

Teller = Annotated[Actor, Depends(deps.Within(browser_acts.BATCHES))]


router = resource("activities", prefix="/activities", responses=OF_THE_COMMUNITY)


@router.post("", status_code=204)
async def tell_activities(body: TellActivities, actor: Teller, pool: ReadPool) -> Response:
    """Acts that the browser noticed. Kept only where the member takes part and agreed to it; the
    answer is the same for everyone."""
    types = [item.type for item in body.items]
    acts = Told(
        seconds=sum(item.seconds for item in body.items if isinstance(item, ReadAct)),
        help_opened=types.count("help_opened"),
        note_opened=types.count("note_opened"),
    )
    await browser_acts.record(pool, member_id=actor.member_id, acts=acts)
    return Response(status_code=204)
