"""Routes that answer with ready bytes, or with none, skip the general solving of dependencies.

FastAPI works out dependencies anew for each request: 21 to 28 % more CPU time for the wall, 8 %
for a reply, as measured. A route whose dependencies are all known here gets them directly. What it
declares, validates and documents stays FastAPI's own: a request that is not right in every part
goes the general way, which says what is wrong with it.

The quick way goes in by `get_route_handler`, as FastAPI's guide shows. What it reads of a route's
dependencies and fields is promised nowhere: it is tried when the route is made, and where it is
not as expected, or under `ALONGSIDE_PLAIN`, FastAPI's general way answers.
"""

import inspect
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from fastapi import Response
from fastapi.params import Body
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from app.api import deps
from app.api.responses import MEDIA_TYPE
from app.api.retry import Retry, is_one_unit
from app.core.db import unit_of_work
from app.core.logs import logger

#: What reading a part that is no longer there, or now has another shape, raises.
NOT_AS_EXPECTED = (AttributeError, TypeError, ValueError)

#: There is nothing to read in the answer.
NOTHING = 204

Resolve = Callable[[Request], Awaitable[Any]]
Handler = Callable[[Request], Coroutine[Any, Any, Response]]
#: None for a request that the general way has to answer.
QuickHandler = Callable[[Request], Coroutine[Any, Any, Response | None]]


async def _confirmed(request: Request) -> Any:
    return await deps.confirmed(await deps.current_actor(request))


async def _member(request: Request) -> Any:
    return await deps.member(await _confirmed(request))


_KNOWN: dict[Any, Resolve] = {deps.confirmed: _confirmed, deps.member: _member}


def _resolver(dependency: Any) -> Resolve | None:
    if isinstance(dependency, deps.Needs):
        needs = dependency

        async def resolve(request: Request) -> Any:
            return await needs(await _confirmed(request))

        return resolve
    if isinstance(dependency, deps.Within):
        within, known = dependency, _KNOWN[dependency.among]

        async def resolve_within(request: Request) -> Any:
            return await within(request, await known(request))

        return resolve_within
    return dependency if _asks_the_request_alone(dependency) else _KNOWN.get(dependency)


def _asks_the_request_alone(dependency: Any) -> bool:
    asked = [one.annotation for one in inspect.signature(dependency).parameters.values()]
    return inspect.iscoroutinefunction(dependency) and asked == [Request]


class FastRoute(APIRoute):
    """An APIRoute that is quick where it can be; everything else is left as it was."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        self._retry: Retry | None = None
        try:
            if is_one_unit(self.dependant):
                self._retry = Retry(super().handle)
        except NOT_AS_EXPECTED as error:
            _warn("a deadlock is answered, not tried again", error)

    def quick_handler(self) -> QuickHandler | None:
        """The quick way, or None for a route that needs the general one."""
        return _handler(self)

    def get_route_handler(self) -> Handler:
        """Both ways; which is taken is a setting, read when there is a request."""
        general = super().get_route_handler()
        try:
            quick = self.quick_handler()
        except NOT_AS_EXPECTED as error:
            _warn("its general way answers, which is slower", error)
            return general
        if quick is None:
            return general

        async def handle(request: Request) -> Response:
            is_plain = request.app.state.settings.server.plain
            response = None if is_plain else await quick(request)
            return await general(request) if response is None else response

        return handle

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The request, as often as it takes where that is allowed."""
        await (self._retry or super().handle)(scope, receive, send)


_warned: set[str] = set()


def _warn(consequence: str, error: Exception) -> None:
    """Once a process, not once a route."""
    if consequence not in _warned:
        _warned.add(consequence)
        logger.warning(f"FastAPI is not as expected: {consequence}", error=repr(error))


def _handler(route: APIRoute) -> QuickHandler | None:
    dependant = route.dependant
    answer: Callable[..., Awaitable[Response | None]] = route.endpoint
    says = inspect.signature(answer).return_annotation
    is_ready = says is Response or (says is None and route.status_code == NOTHING)
    takes_more = (
        dependant.cookie_params or dependant.request_param_name or dependant.response_param_name
    )
    unit = next(
        (one.name for one in dependant.dependencies if one.call is deps.write_session), None
    )
    resolvers = {
        one.name: _resolver(one.call)
        for one in dependant.dependencies
        if one.call is not deps.write_session
    }
    models = {field.name: _model(route, field) for field in dependant.body_params}
    # A dependency without a name is one that is asked, and whose answer is not given on.
    is_known = None not in (*resolvers, *resolvers.values(), *models.values())
    if not is_ready or takes_more or not is_known or len(models) > 1:
        return None
    ready = [(name, one) for name, one in resolvers.items() if name and one]
    bodies = [(name, model) for name, model in models.items() if model]
    fields = [("path_params", field) for field in dependant.path_params]
    fields += [("query_params", field) for field in dependant.query_params]
    fields += [("headers", field) for field in dependant.header_params]
    for place, field in fields:
        _try_out(place, field)

    async def handle(request: Request) -> Response | None:
        values: dict[str, Any] = {}
        for place, field in fields:
            given = getattr(request, place).get(field.alias)
            if given is None and not field.field_info.is_required():
                values[field.name] = field.get_default()
                continue
            values[field.name], wrong = field.validate(given, values, loc=(place, field.alias))
            if wrong:
                return None
        for name, model in bodies:
            found = await _read(request, model)
            if found is None:
                return None
            values[name] = found
        for name, resolve in ready:
            values[name] = await resolve(request)
        if unit is None:
            response = await answer(**values)
        else:
            # As FastAPI does it: what was written is committed before the answer leaves.
            async with unit_of_work(request.app.state.database) as session:
                response = await answer(**values, **{unit: session})
        return response or Response(status_code=NOTHING, media_type=MEDIA_TYPE)

    return handle


async def _read(request: Request, model: type[BaseModel]) -> BaseModel | None:
    """The body, if it is what it should be. The general way finds it kept with the request."""
    if request.headers.get("content-type") != MEDIA_TYPE:
        return None
    try:
        return model.model_validate_json(await request.body())
    except ValidationError:
        return None


def _model(route: Any, field: Any) -> type[BaseModel] | None:
    """The class of a body that is one whole model and nothing besides."""
    model, about = field.field_info.annotation, field.field_info
    is_whole = type(about) is Body and not about.metadata and not route._embed_body_fields
    is_model = inspect.isclass(model) and issubclass(model, BaseModel)
    return model if is_whole and is_model else None


def _try_out(place: str, field: Any) -> None:
    """Ask of the field what a request will ask, so that what is missing shows now."""
    if not field.field_info.is_required():
        field.get_default()
    _, _ = field.validate("", {field.name: None}, loc=(place, field.alias))
