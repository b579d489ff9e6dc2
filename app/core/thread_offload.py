"""Runs work on long texts in a thread, so that the event loop goes on for everyone else."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Final, TypeVar

Made = TypeVar("Made")

#: What costs some milliseconds at most. A sign beyond ASCII may be taken apart into eighteen
#: (U+FDFA), so it counts for as many as the worst of them costs.
_QUICK: Final = 30_000
_BEYOND_ASCII: Final = 20


async def beside(work: Callable[[], Made], texts: Iterable[str]) -> Made:
    """Do `work`, in a thread when the `texts` it is about are long. It may use no connection."""
    cost = sum(len(text) * (1 if text.isascii() else _BEYOND_ASCII) for text in texts)
    return work() if cost <= _QUICK else await asyncio.to_thread(work)
