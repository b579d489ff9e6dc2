"""Reading, as the browser reports it."""

from fastapi import Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import ValidationError
from starlette.requests import Request
from starlette.routing import request_response

from app.api import deps
from app.api.deps import Member, ReadPool
from app.api.resource import OF_THE_COMMUNITY, resource
from app.api.schemas.activities import ReadsWrite
from app.research import reading

router = resource("activities", prefix="/activities", responses=OF_THE_COMMUNITY)


@router.post("/reads", status_code=204)
async def record_reads(body: ReadsWrite, actor: Member, pool: ReadPool) -> Response:
    """How long posts were in view. Kept only where the member takes part and agreed to it; the
    answer is the same for everyone."""
    seconds = [round(item.seconds) for item in body.items]
    await reading.record(pool, member_id=actor.member_id, seconds=seconds)
    return Response(status_code=204)


async def _quickly(request: Request) -> Response:
    """The same without the general solving of dependencies, which cost more than the batch:
    browsers of everyone who takes part send one every minute."""
    actor = await deps.member(await deps.confirmed(await deps.current_actor(request)))
    try:
        body = ReadsWrite.model_validate_json(await request.body())
    except ValidationError as error:
        found = [{**one, "loc": ("body", *one["loc"])} for one in error.errors()]
        raise RequestValidationError(found) from error
    return await record_reads(body, actor, request.app.state.database.pool)


for route in router.routes:
    if isinstance(route, APIRoute):
        route.app = request_response(_quickly)
