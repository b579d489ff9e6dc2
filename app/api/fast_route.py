"""Routes that only read and answer with ready bytes skip the general solving of dependencies.

FastAPI works out dependencies anew for each request, which cost a third of reading the wall. A
route whose dependencies are all known here, and which takes nothing but its address and query,
gets them directly. What it declares, validates and documents stays FastAPI's own.
"""

import inspect
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Response
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic_core import PydanticUndefined
from starlette.requests import Request
from starlette.routing import request_response

from app.api import deps
from app.api.retry import Retry, is_one_unit

Resolve = Callable[[Request], Awaitable[Any]]


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
        handler = _handler(endpoint, self.dependant, self.methods)
        if handler is not None:
            self.app = request_response(handler)
        if is_one_unit(self.dependant):
            self.app = Retry(self.app)


def _handler(
    endpoint: Callable[..., Any], dependant: Dependant, methods: set[str] | None
) -> Callable[[Request], Awaitable[Response]] | None:
    """The quick way, or None for a route that needs the general one."""
    answers = inspect.signature(endpoint).return_annotation is Response
    takes_more = (
        dependant.body_params
        or dependant.header_params
        or dependant.cookie_params
        or dependant.request_param_name
        or dependant.response_param_name
    )
    resolvers = {one.name: _resolver(one.call) for one in dependant.dependencies}
    if methods != {"GET"} or not answers or takes_more or None in resolvers.values():
        return None
    ready = [(name, one) for name, one in resolvers.items() if name and one]
    fields = [("path", field) for field in dependant.path_params]
    fields += [("query", field) for field in dependant.query_params]

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
