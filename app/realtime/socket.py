"""The ASGI side of a live socket: accept, converse, forget."""

from starlette.types import Receive, Scope, Send

from app.core.events import Position
from app.identity.actors import Actor
from app.realtime.connection import CROWDED, MALFORMED, Connection
from app.realtime.hub import Hub
from app.realtime.session_handler import FindOpen, SessionHandler
from app.realtime.wire import wire_of


async def serve(
    hub: Hub,
    actor: Actor,
    scope: Scope,
    receive: Receive,
    send: Send,
    *,
    admitted_at: Position,
    find_open: FindOpen,
) -> None:
    """Serve one socket until it ends. `admitted_at` is where the hub stood before the sign-in was
    looked up: what has ended it since then counts. `find_open` says which threads are open."""
    await send({"type": "websocket.accept"})
    connection = Connection(actor, wire_of(scope, send))
    connection.wire.settle()
    if not hub.has_room(actor):
        await connection.end(CROWDED)
        connection.wire.release()
        return
    hub.enter(connection, admitted_at=admitted_at)
    try:
        code = await _converse(SessionHandler(hub, connection, find_open), receive)
        hub.leave(connection)
        if code is not None:
            await connection.end(code)
    finally:
        hub.leave(connection)
        connection.wire.release()


async def _converse(session_handler: SessionHandler, receive: Receive) -> int | None:
    """Until the client goes (None), or can't stay (the close code)."""
    session_handler.welcome()
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            return None
        text = message.get("text")
        code = MALFORMED if text is None else await session_handler.hear(text)
        if code is not None:
            return code
