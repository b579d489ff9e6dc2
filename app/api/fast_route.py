"""Routes that only read and answer with ready bytes skip the general solving of dependencies.

FastAPI works out dependencies anew for each request: 21 to 28 % more CPU time for the wall, as
measured. A route whose dependencies are all known here, and which takes nothing but its address and
query, gets them directly. What it declares, validates and documents stays FastAPI's own.

The quick way goes in by `get_route_handler`, as FastAPI's guide shows. What it reads of a route's
dependencies and fields is promised nowhere: it is tried when the route is made, and where it is
not as expected, or under `ALONGSIDE_PLAIN`, FastAPI's general way answers.
"""

import inspect
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from fastapi import Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic_core import PydanticUndefined
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from app.api import deps
from app.api.retry import Retry, is_one_unit
from app.core.logs import logger

#: What reading a part that is no longer there, or now has another shape, raises.
NOT_AS_EXPECTED = (AttributeError, TypeError, ValueError)

Resolve = Callable[[Request], Awaitable[Any]]
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


async def _confirmed(request: Request) -> Any:
    return await deps.confirmed(await deps.current_actor(request))


async def _member(request: Request) -> Any:
    return await deps.member(await _confirmed(request))


_KNOWN: dict[Any, Resolve] = {
    deps.app_encryption: deps.app_encryption,
    deps.app_settings: deps.app_settings,
    deps.confirmed: _confirmed,
    deps.current_actor: deps.current_actor,
    deps.database: deps.database,
    deps.member: _member,
    deps.read_pool: deps.read_pool,
}


def _resolver(dependency: Any) -> Resolve | None:
    if isinstance(dependency, deps.Needs):
        needs = dependency

        async def resolve(request: Request) -> Any:
            return await needs(await _confirmed(request))

        return resolve
    return _KNOWN.get(dependency)


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

    def quick_handler(self) -> Handler | None:
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
            return await (general if is_plain else quick)(request)

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


def _handler(route: APIRoute) -> Handler | None:
    dependant, endpoint = route.dependant, route.endpoint
    answers = inspect.signature(endpoint).return_annotation is Response
    takes_more = (
        dependant.body_params
        or dependant.header_params
        or dependant.cookie_params
        or dependant.request_param_name
        or dependant.response_param_name
    )
    resolvers = {one.name: _resolver(one.call) for one in dependant.dependencies}
    if route.methods != {"GET"} or not answers or takes_more or None in resolvers.values():
        return None
    ready = [(name, one) for name, one in resolvers.items() if name and one]
    fields = [("path", field) for field in dependant.path_params]
    fields += [("query", field) for field in dependant.query_params]
    for place, field in fields:
        _try_out(place, field)

    async def handle(request: Request) -> Response:
        values: dict[str, Any] = {name: await resolve(request) for name, resolve in ready}
        errors: list[Any] = []
        sources: dict[str, Any] = {"path": request.path_params, "query": request.query_params}
        for place, field in fields:
            given = sources[place].get(field.alias, PydanticUndefined)
            if given is PydanticUndefined and not field.field_info.is_required():
                values[field.name] = field.get_default()
                continue
            if given is PydanticUndefined:
                errors.append({"type": "missing", "loc": (place, field.alias), "msg": ""})
                continue
            values[field.name], wrong = field.validate(given, values, loc=(place, field.alias))
            errors += wrong
        if errors:
            raise RequestValidationError(errors)
        response: Response = await endpoint(**values)
        return response

    return handle


def _try_out(place: str, field: Any) -> None:
    """Ask of the field what a request will ask, so that what is missing shows now."""
    if not field.field_info.is_required():
        field.get_default()
    _, _ = field.validate("", {field.name: None}, loc=(place, field.alias))
