"""Cancels tasks until they finish, however often one of them takes no notice."""

import asyncio
from collections.abc import Iterable
from typing import Any

AGAIN_SECONDS = 0.2


async def cancel_tasks(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancel until all have ended, and take no notice of how.

    Once is not enough: in Python 3.11 `wait_for`, on which the driver and its pool wait, swallows
    a cancellation that comes together with what was waited for.
    """
    ending = set(tasks)
    while ending:
        for task in ending:
            task.cancel()
        _, ending = await asyncio.wait(ending, timeout=AGAIN_SECONDS)
