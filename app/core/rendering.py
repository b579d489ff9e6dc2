"""Rendering what people wrote without keeping others waiting.

Markdown costs some 20 µs a character at its worst: a short text is done in place, a long one in a
thread beside the event loop. There is one such thread, and while it works all texts go there,
because the renderer does one text at a time.
"""

import asyncio
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

from app.core import text

#: At most 10 ms of rendering.
QUICK: Final = 500

_pool = ThreadPoolExecutor(1, "render")
_under_way: "set[Future[str]]" = set()


async def render(source: str) -> str:
    """Cleaned text as safe HTML, as `text.render` gives it."""
    if len(source) <= QUICK and not _under_way:
        return text.render(source)
    work = _pool.submit(text.render, source)
    _under_way.add(work)
    # Called when it is through, whether or not anyone still waits for it.
    work.add_done_callback(_under_way.discard)
    return await asyncio.wrap_future(work)
