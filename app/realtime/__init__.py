"""Live sockets: what happens on one screen appears on the others. README.md tells how."""

from starlette.applications import Starlette

from app.realtime.service import Live

__all__ = ["Live", "start", "stop"]


async def start(app: Starlette) -> None:
    """With the application, after its database is open."""
    live = Live(app.state.database)
    app.state.live = live
    app.state.hub = live.hub
    await live.start()


async def stop(app: Starlette) -> None:
    """With the application, before its database closes."""
    live: Live = app.state.live
    await live.stop()
