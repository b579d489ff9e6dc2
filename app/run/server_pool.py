"""Several server processes on one socket, for a machine with several cores."""

import os
import signal
import socket
import time
from collections.abc import Callable
from types import FrameType

from app.run.children import Child, stop_all

TICK_SECONDS = 0.2


def keep_servers(listener: socket.socket, processes: int, *, say: Callable[[str], None]) -> None:
    """Keep this many `alongside serve` going until told to stop."""
    told: list[int] = []

    def stop(name: int, _frame: FrameType | None) -> None:
        told.append(name)

    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, stop)
    arguments = ["serve", "--fd", str(listener.fileno())]
    children = [
        Child(f"server {number}", arguments, dict(os.environ), [listener.fileno()])
        for number in range(1, processes + 1)
    ]
    try:
        while not told:
            for child in children:
                news = child.tend()
                if news:
                    say(news)
            time.sleep(TICK_SECONDS)
    finally:
        stop_all(children)
