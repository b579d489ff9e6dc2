"""Whether the server lives, whether it can serve, and its figures."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel

from app.api.problems import problems
from app.core import db, events_watch, mail_watch
from app.core.errors import NotFoundError, UnavailableError
from app.moderation import backlog
from app.research.questionnaires import invitations_watch

router = APIRouter(tags=["operations"])


class Health(BaseModel):
    """One word on how it is."""

    status: str


async def _may_look(request: Request) -> None:
    """With a token set, only its bearer; everyone else learns nothing, not even that it exists."""
    token = request.app.state.settings.server.metrics_token
    if token is None:
        return
    expected = f"Bearer {token.get_secret_value()}"
    if not secrets.compare_digest(
        request.headers.get("authorization", "").encode(), expected.encode()
    ):
        raise NotFoundError


MayLook = Annotated[None, Depends(_may_look)]


@router.get("/health/live")
async def read_liveness() -> Health:
    """The process answers."""
    return Health(status="alive")


@router.get("/health/ready", responses=problems(NotFoundError, UnavailableError))
async def read_readiness(request: Request, _: MayLook) -> Health:
    """The database answers and has what this version needs; 503 otherwise."""
    await db.fetch(request.app.state.database.pool, "SELECT 1 FROM core.cursors LIMIT 1")
    return Health(status="ready")


@router.get("/metrics", include_in_schema=False)
async def read_metrics(request: Request, _: MayLook) -> Response:
    """Prometheus text; no label holds a member's id. Out in the world only with a token."""
    settings = request.app.state.settings
    server = settings.server
    if server.metrics_token is None and not server.is_loopback:
        raise NotFoundError
    pool = request.app.state.database.pool
    await mail_watch.measure(pool)
    await events_watch.measure(pool, keep_days=settings.care.keep_events_days)
    await backlog.measure(pool)
    await invitations_watch.measure(pool)
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
