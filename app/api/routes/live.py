"""The live socket: who may open it. What is said on it stands in app/realtime/README.md."""

import asyncio

import psycopg
from psycopg_pool import PoolTimeout
from starlette.datastructures import State
from starlette.requests import HTTPConnection
from starlette.routing import WebSocketRoute
from starlette.types import Receive, Scope, Send

from app.api import problems
from app.api.resource import resource
from app.api.security import CrossSiteError, is_own_origin
from app.core.errors import NotSignedInError, ProblemError, UnavailableError
from app.identity import sessions
from app.identity.actors import Actor
from app.realtime import socket

router = resource("live")

#: About as long as a browser waits for a socket to open.
ADMISSION_SECONDS = 30.0


class LiveSocket:
    """A bare ASGI endpoint: nothing of a request stays in memory while the socket is open."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        state: State = scope["app"].state
        await receive()
        admitted_at = state.hub.position
        try:
            actor = await _admit(HTTPConnection(scope), state)
        except ProblemError as problem:
            await problems.render(problem, None)(scope, receive, send)
            return
        await socket.serve(
            state.hub,
            actor,
            scope,
            receive,
            send,
            admitted_at=admitted_at,
            find_open=state.live.find_open,
        )


async def _admit(asked: HTTPConnection, state: State) -> Actor:
    """Whoever is signed in, asking from a page of ours; raises a problem otherwise.

    Browsers always send an Origin with a socket and can't be made to leave it out; a request
    without one comes from a program that holds the cookie itself.
    """
    server = state.settings.server
    origin = asked.headers.get("origin")
    allowed = frozenset({server.origin, *server.extra_origins})
    if origin is not None and not is_own_origin(origin, asked.headers.get("host", ""), allowed):
        raise CrossSiteError
    token = asked.cookies.get(server.cookie_name)
    if token is None:
        raise NotSignedInError
    try:
        async with asyncio.timeout(ADMISSION_SECONDS), state.live.admissions:
            actor = await sessions.find(state.database.pool, token)
    except (psycopg.OperationalError, PoolTimeout, OSError) as error:
        raise UnavailableError(retry_after_seconds=5) from error
    if actor is None:
        raise NotSignedInError
    if not await state.live.is_ready():
        raise UnavailableError(retry_after_seconds=5)
    return actor


router.routes.append(WebSocketRoute("/api/v1/live", LiveSocket()))
