"""What only the browser knows: reading, Help now, opened notes."""

from typing import Annotated

from fastapi import Depends, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.requests import Request

from app.api import deps
from app.api.deps import ReadPool
from app.api.fast_route import FastRoute, Handler
from app.api.resource import OF_THE_COMMUNITY, resource
from app.api.schemas.activities import ReadAct, TellActivities
from app.identity.actors import Actor
from app.research import browser_acts
from app.research.browser_acts import Told

Teller = Annotated[Actor, Depends(deps.Within(browser_acts.BATCHES))]


async def _quickly(request: Request) -> Response:
    """The same without the general solving of dependencies, which adds 26 to 56 % to the CPU time
    of a batch, as measured: browsers of everyone who takes part send one every minute."""
    actor = await deps.member(await deps.confirmed(await deps.current_actor(request)))
    await deps.Within(browser_acts.BATCHES).spend(request, actor)
    try:
        body = TellActivities.model_validate_json(await request.body())
    except ValidationError as error:
        found = [{**one, "loc": ("body", *_place(one["loc"]))} for one in error.errors()]
        raise RequestValidationError(found) from error
    return await tell_activities(body, actor, request.app.state.database.pool)


def _place(loc: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """Where in the request: Pydantic names the type of an item there too, after its number."""
    return (*loc[:2], *loc[3:])


class _Route(FastRoute):
    def quick_handler(self) -> Handler:
        return _quickly


router = resource(
    "activities", prefix="/activities", responses=OF_THE_COMMUNITY, route_class=_Route
)


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
