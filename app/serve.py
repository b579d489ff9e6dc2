"""One server process: uvicorn as it was measured to be fastest, told what to do in code."""

import os
import socket

import uvicorn

from app import protocol_trial
from app.core import logs, open_files
from app.core.settings import Settings
from app.main import create_app

GRACE_SECONDS = 5


def configuration(settings: Settings) -> uvicorn.Config:
    """uvicorn's configuration. Access log and compressed frames cost more than they give."""
    proxies = os.environ.get("FORWARDED_ALLOW_IPS", "")
    protocols = protocol_trial.PLAIN if settings.server.plain else protocol_trial.best()
    return uvicorn.Config(
        create_app(settings),
        loop="uvloop",
        http=protocols.http,
        ws=protocols.ws,
        ws_max_size=65_536,
        ws_per_message_deflate=False,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies or None,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def serve(settings: Settings, listener: socket.socket) -> None:
    """Answer on this socket until told to stop."""
    logs.configure()
    open_files.raise_limit()
    uvicorn.Server(configuration(settings)).run(sockets=[listener])
