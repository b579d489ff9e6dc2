"""The web application: resources, live sockets and the site, put together from settings."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from tempfile import gettempdir

from fastapi import FastAPI

from app import realtime
from app.api import problems
from app.api.middleware import RequestLimits
from app.api.resource import operation_id
from app.api.route_description import describe
from app.api.router import routes
from app.api.site import Site
from app.core import scratch_dir
from app.core.allowances import Allowances
from app.core.db import Database
from app.core.encryption import Encryption
from app.core.settings import Settings

DESCRIPTION = "An online peer-support community with its evaluation built in."


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    scratch_dir.sweep(Path(gettempdir()))
    await app.state.database.open()
    await realtime.start(app)
    try:
        yield
    finally:
        await realtime.stop(app)
        await app.state.database.close()


def create_app(settings: Settings) -> FastAPI:
    """The application under these settings; nothing is opened until it starts."""
    app = FastAPI(
        title="Alongside",
        version="1",
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        generate_unique_id_function=operation_id,
        lifespan=_lifespan,
        separate_input_output_schemas=False,
    )
    app.openapi = partial(describe, app)  # type: ignore[method-assign]
    app.state.settings = settings
    app.state.database = Database(settings.database)
    app.state.allowances = Allowances()
    app.state.encryption = Encryption(settings.secrets)
    problems.install(app)
    app.router.routes.extend(routes())
    app.mount("/", Site(), name="site")
    app.add_middleware(RequestLimits, settings=settings.server)
    return app
