"""The router that every file of routes makes for its resource."""

from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute

from app.api.fast_route import FastRoute
from app.api.problems import problems
from app.core.errors import (
    BusyError,
    InvalidError,
    NotSignedInError,
    TooManyError,
    UnavailableError,
)
from app.identity.errors import AccountSuspendedError, ResearchStandsApartError

PREFIX = "/api/v1"

#: What every route of the community may answer; `deps.Member` asks.
OF_THE_COMMUNITY = problems(ResearchStandsApartError, AccountSuspendedError)


def resource(
    tag: str,
    *,
    prefix: str = "",
    responses: dict[int | str, dict[str, Any]] | None = None,
    route_class: type[FastRoute] = FastRoute,
) -> APIRouter:
    """A router whose routes are whole: full path, and the problems that every route may answer.

    They are put side by side into the application, not nested: included routers are searched
    once for each level, which cost more than reading the wall does.
    """
    common = problems(NotSignedInError, InvalidError, TooManyError, UnavailableError, BusyError)
    return APIRouter(
        prefix=PREFIX + prefix,
        tags=[tag],
        responses={**common, **(responses or {})},
        generate_unique_id_function=operation_id,
        route_class=route_class,
    )


def operation_id(route: APIRoute) -> str:
    """The name of the function: one word for an act, from here to the generated client."""
    return route.name
